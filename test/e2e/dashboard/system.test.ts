import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser } from '../browser.ts';
import { startDashboard, type Dashboard } from './support.ts';

describe.skipIf(noBrowser !== null)(`the system page${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await startDashboard();
  });
  afterAll(() => dashboard?.stop());

  it('shows an admin how the platform is and who did what, of all and of one store', async () => {
    const { platform, admin } = dashboard;
    const order = (name: string) =>
      platform.api('/api/v1/stores', { method: 'POST', body: { name, engine: 'medusa' } });
    await order('Tea House');
    await order('Candle Works');
    const page = await dashboard.browser.newPage();
    await dashboard.signIn(page);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'System' }).click();
    const part = (title: string) => page.getByRole('region', { name: title });
    await part('Health').getByRole('row', { name: 'Database Well' }).waitFor();
    await part('Engines').getByText('ready').first().waitFor();
    await part('Quotas')
      .getByRole('row', { name: `${admin.email} 2 of 10` })
      .waitFor();
    await part('Leftovers').getByText('Nothing is left over.').waitFor();

    const log = part('Audit log');
    await log.getByRole('row', { name: 'Ordered a store' }).nth(1).waitFor();
    await log.getByRole('button', { name: 'Only entries of Tea House' }).click();
    await log
      .getByRole('row', { name: 'Ordered a store' })
      .filter({ hasText: 'Candle Works' })
      .waitFor({ state: 'hidden' });
    expect(await log.getByRole('row', { name: 'Ordered a store' }).count()).toBe(1);
    await page.close();
  });

  it('tells a member calmly that it is for admins', async () => {
    const context = await dashboard.browser.newContext();
    const page = await context.newPage();
    await dashboard.signIn(page, await dashboard.person('member@example.com'));
    await page.goto(`${dashboard.url}/system`);
    await page.getByText('Only an admin sees how the platform itself is.').waitFor();
    expect(await page.getByRole('heading', { level: 2 }).count()).toBe(0);
    await context.close();
  });
});
