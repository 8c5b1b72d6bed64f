/// <reference lib="dom" />
import { launch, noBrowser } from '../e2e/browser.ts';
import { HOOKED_MAIN, startPlatform, until, type TestPlatform } from '../support/platform.ts';
import { createShop, deleteShop, untilGone, untilPrepared, untilReady } from '../support/shops.ts';
import { benchList } from './dashboard-list.ts';
import { ms, percentile, type Figure } from './report.ts';

const SHOPS = 30;

/** From the commit of a status to the sight of it in a dashboard that is open: the same clock tells both. */
export async function benchDashboard(home: string): Promise<Figure[]> {
  if (noBrowser !== null) return [{ name: 'the dashboard', value: `not measured: ${noBrowser}` }];
  const platform = await startPlatform({ home, main: HOOKED_MAIN, env: { TEST_ENGINE: 'tiny', LOG_LEVEL: 'info' } });
  const browser = await launch();
  try {
    await untilPrepared(platform);
    const page = await browser.newPage();
    await page.goto(await signInUrl(platform));
    await page.getByRole('heading', { name: 'Stores', exact: true }).waitFor();
    const delays: number[] = [];
    for (let n = 0; n < SHOPS; n += 1) {
      const name = `Bench ${n}`;
      const seen = page.evaluate(untilShown, { name, status: 'ready' });
      const id = await createShop(platform, 'medusa', name);
      await untilReady(platform, id);
      delays.push((await seen) - (await committed(platform, id)));
      await deleteShop(platform, id);
      await untilGone(platform, id);
    }
    const [median, p95] = [percentile(delays, 0.5), percentile(delays, 0.95)];
    return [
      {
        name: `a status change in an open dashboard, ${SHOPS} shops (committed → shown)`,
        value: `p50 ${ms(median)}, p95 ${ms(p95)}`,
        aim: 'p95 < 300 ms',
      },
      ...(await benchList(platform, page)),
    ];
  } finally {
    await browser.close();
    await platform.stop();
  }
}

/** Runs in the page, so no function in it may have a name. Resolves with the time at which a row, or a card, says both. */
function untilShown({ name, status }: { name: string; status: string }): Promise<number> {
  return new Promise((resolve) => {
    new MutationObserver((_changes, observer) => {
      const shown = Array.from(document.querySelectorAll('tr, li, article')).some(
        ({ textContent }) => textContent?.includes(name) && textContent.includes(status),
      );
      if (!shown) return;
      observer.disconnect();
      resolve(Date.now());
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}

async function committed(platform: TestPlatform, id: string): Promise<number> {
  return until(
    'its event is there',
    async () => {
      const { events } = (await platform.api(`/api/v1/stores/${id}/events`)).body;
      const ready = events.find(({ type }: { type: string }) => type === 'ready');
      return ready ? Date.parse(ready.createdAt) : null;
    },
    5000,
  );
}

async function signInUrl(platform: TestPlatform): Promise<string> {
  const { user } = (await platform.api('/api/v1/me')).body;
  const made = await platform.api(`/api/v1/users/${user.id}/sign-in-links`, { method: 'POST' });
  const { hash } = new URL(made.body.signInUrl);
  return `http://localhost:${platform.port}/sign-in${hash}`;
}
