/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessibilityProblems, noBrowser } from '../browser.ts';
import { startDashboard, type Dashboard, type Person } from './support.ts';

const PASSWORD = 'a few words in a row';
const GUESSES = 10;

describe.skipIf(noBrowser)(`who may use the dashboard${noBrowser ? ` (${noBrowser})` : ''}`, () => {
  let dashboard: Dashboard;
  let page: Page;

  beforeAll(async () => {
    dashboard = await startDashboard();
  });
  afterAll(() => dashboard?.stop());
  // Each test has a browser profile of its own, in which nobody is signed in.
  beforeEach(async () => {
    page = await dashboard.browser.newPage();
    page.setDefaultTimeout(15_000);
  });
  afterEach(() => page.context().close());

  it('IDN-1: a one-time link signs in, once, and leaves no token in the address', async () => {
    const ada = await dashboard.person('ada@example.com');
    const link = await dashboard.signInLink(ada);
    await page.goto(link);
    await shows(page, 'Stores');
    expect(page.url()).toBe(`${dashboard.url}/`);
    await page.goBack();
    expect(page.url()).not.toContain('token');

    const stranger = await dashboard.browser.newPage();
    await stranger.goto(link);
    expect(await stranger.getByRole('alert').innerText()).toContain('was used already or has expired');
    expect(stranger.url()).toBe(`${dashboard.url}/sign-in`);
    await stranger.close();
  });

  it('a link works in a tab that shows the sign-in page already', async () => {
    const link = await dashboard.signInLink(dashboard.admin);
    await page.goto(`${dashboard.url}/sign-in`);
    await shows(page, 'Sign in');
    await page.goto(link);
    await shows(page, 'Stores');
    expect(page.url()).toBe(`${dashboard.url}/`);
  });

  it('a link that is used up says who is signed in already', async () => {
    const link = await dashboard.signInLink(dashboard.admin);
    await page.goto(link);
    await shows(page, 'Stores');
    await page.goto(link);
    await page.getByText(`You are signed in as ${dashboard.admin.email}.`).waitFor();
    await shows(page, 'Stores');
    expect(page.url()).toBe(`${dashboard.url}/`);
  });

  it('IDN-1: a password signs in once it is set, and a wrong one is refused in words', async () => {
    const bea = await dashboard.person('bea@example.com');
    await dashboard.signIn(page, bea);
    await setPassword(page);
    await signOut(page);
    await typePassword(page, bea, 'something else');
    expect(await page.getByRole('alert').innerText()).toBe('The e-mail address or the password is wrong.');
    await typePassword(page, bea, PASSWORD);
    await shows(page, 'Stores');
  });

  it('IDN-4: after too many guesses it is said when to try again, and the button waits', async () => {
    const cora = await dashboard.person('cora@example.com');
    await page.goto(dashboard.url);
    for (let guess = 0; guess <= GUESSES; guess += 1) {
      const answered = page.waitForResponse(/\/api\/v1\/session$/);
      await typePassword(page, cora, `guess ${guess}`);
      await answered;
    }
    await page
      .getByRole('alert')
      .getByText(/Try again at \d/)
      .waitFor();
    const button = page.getByRole('button', { name: /^Try again in \d:\d\d$/ });
    expect(await button.isDisabled()).toBe(true);
    const before = await button.innerText();
    await expect.poll(() => button.innerText()).not.toBe(before);
  });

  it('signing out ends the session; every page leads to the sign-in page then', async () => {
    await dashboard.signIn(page, dashboard.admin);
    await signOut(page);
    for (const path of ['/', '/account', '/people', '/stores/new']) {
      await page.goto(dashboard.url + path);
      await shows(page, 'Sign in');
      expect(new URL(page.url()).pathname).toBe('/sign-in');
    }
  });

  it('a session that ends while somebody works leads to the sign-in page and back', async () => {
    const dora = await dashboard.person('dora@example.com');
    await dashboard.signIn(page, dora);
    await setPassword(page);
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('backup');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await shows(page, 'Sign in');
    await typePassword(page, dora, PASSWORD);
    await shows(page, 'Account');
    expect(page.url()).toBe(`${dashboard.url}/account`);
  });

  it('STO-3: two people do not see each other’s stores', async () => {
    const [eve, fay] = [await dashboard.person('eve@example.com'), await dashboard.person('fay@example.com')];
    const [eves, fays] = [await makeStore(dashboard, eve, 'Eve Teas'), await makeStore(dashboard, fay, 'Fay Mugs')];
    for (const [person, own, foreign] of [
      [eve, eves, fays],
      [fay, fays, eves],
    ] as const) {
      const theirs = await dashboard.browser.newPage();
      await dashboard.signIn(theirs, person);
      await theirs.getByRole('link', { name: own.name }).first().waitFor();
      expect(await theirs.getByText(foreign.name).count()).toBe(0);
      const refused = theirs.waitForResponse(new RegExp(`/api/v1/stores/${foreign.id}$`));
      await theirs.goto(`${dashboard.url}/stores/${foreign.id}`);
      expect((await refused).status()).toBe(404);
      expect(await theirs.getByText(foreign.name).count()).toBe(0);
      await theirs.close();
    }
  });

  it('IDN-1: an API key is shown once, lets its holder in, and no more when it is revoked', async () => {
    const gina = await dashboard.person('gina@example.com');
    await dashboard.signIn(page, gina);
    await page.goto(`${dashboard.url}/account`);
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('nightly backup');
    await page.getByRole('combobox', { name: 'Expires' }).selectOption('In 90 days');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const key = await page.getByRole('textbox', { name: 'API key' }).inputValue();
    const me = await dashboard.platform.api('/api/v1/me', { token: key });
    expect(me.body.user.email).toBe(gina.email);
    expect(Date.parse(me.body.credential.expiresAt) - Date.now()).toBeGreaterThan(89 * 86_400_000);

    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /nightly backup.*active/ }).waitFor();
    expect(await page.getByText(key).count(), 'the key is gone from the page').toBe(0);
    await page.getByRole('button', { name: 'Revoke nightly backup' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke the key' }).click();
    await page.getByRole('row', { name: /nightly backup.*revoked/ }).waitFor();
    expect((await dashboard.platform.api('/api/v1/me', { token: key })).status).toBe(401);
  });

  it('IDN-2: an admin invites somebody, who signs in; suspended they are out, and removed they are gone', async () => {
    await dashboard.signIn(page, dashboard.admin);
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('button', { name: 'Invite a person' }).click();
    await page.getByRole('textbox', { name: 'E-mail' }).fill('hana@example.com');
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const link = await page.getByRole('textbox', { name: 'Sign-in link' }).inputValue();
    await page.getByRole('button', { name: 'Done' }).click();
    const row = page.getByRole('row', { name: /hana@example\.com/ });
    await row.getByText('active').waitFor();

    const guest = await dashboard.browser.newPage();
    await guest.goto(link);
    await shows(guest, 'Stores');
    await guest.goto(`${dashboard.url}/people`);
    await guest.getByText('Only an admin may do this.').waitFor();

    await choose(page, 'hana@example.com', 'Suspend…');
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await row.getByText('suspended').waitFor();
    await guest.reload();
    await shows(guest, 'Sign in');
    await guest.close();

    await choose(page, 'hana@example.com', 'Remove…');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
    const { users } = (await dashboard.platform.api('/api/v1/users')).body;
    expect(users.map(({ email }: Person) => email)).not.toContain('hana@example.com');
  });

  it('somebody with stores can’t be removed, and nobody can suspend themselves', async () => {
    const ines = await dashboard.person('ines@example.com');
    await makeStore(dashboard, ines, 'Ines Bowls');
    await dashboard.signIn(page, dashboard.admin);
    await page.goto(`${dashboard.url}/people`);
    await page.getByText('Only another admin can change your role, suspend or remove you.').waitFor();
    expect(await page.getByRole('button', { name: `Actions for ${dashboard.admin.email}` }).count()).toBe(0);
    await choose(page, ines.email, 'Remove…');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('alert').getByText('This person has stores.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await choose(page, ines.email, 'Make an admin');
    await page.getByRole('row', { name: /ines@example\.com admin/ }).waitFor();
  });

  it('the pages have no accessibility problems, and fit on a phone', async () => {
    await page.goto(dashboard.url);
    await shows(page, 'Sign in');
    expect(await wrongWith(page), 'Sign in').toEqual([]);
    await dashboard.signIn(page, dashboard.admin);
    await page.goto(`${dashboard.url}/account`);
    await page.getByRole('table').waitFor();
    expect(await wrongWith(page), 'Account').toEqual([]);
    await page.goto(`${dashboard.url}/people`);
    await page.getByText('(you)').waitFor();
    expect(await wrongWith(page), 'People').toEqual([]);
  });
});

async function shows(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
}

async function typePassword(page: Page, { email }: Person, password: string): Promise<void> {
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function setPassword(page: Page): Promise<void> {
  await page.goto(new URL('/account', page.url()).href);
  await page.getByRole('textbox', { name: 'New password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('Your password is set.').waitFor();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account of / }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await shows(page, 'Sign in');
}

async function choose(page: Page, email: string, deed: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${email}` }).click();
  await page.getByRole('menuitem', { name: deed }).click();
}

async function makeStore(
  { platform }: Dashboard,
  { token }: Person,
  name: string,
): Promise<{ id: string; name: string }> {
  const made = await platform.api('/api/v1/stores', { method: 'POST', token, body: { name, engine: 'medusa' } });
  expect(made.status, JSON.stringify(made.body)).toBe(202);
  return made.body;
}

/** What axe finds, and whether somebody would have to scroll sideways on a phone. */
async function wrongWith(page: Page): Promise<string[]> {
  const problems = await accessibilityProblems(page);
  await page.setViewportSize({ width: 390, height: 844 });
  const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  await page.setViewportSize({ width: 1280, height: 900 });
  return fits ? problems : [...problems, 'too wide for a phone'];
}
