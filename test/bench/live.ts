import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseSettings } from '../../src/config.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { openLive } from './live-socket.ts';
import { ordersBody } from './order-bodies.ts';
import { urlOf } from './orders.ts';
import { ms, percentile, type Figure } from './report.ts';

const PER_SECOND = 1000;
const SECONDS = 20;
/** One POST each 10 ms: a thousand single ones a second would measure the sender. */
const AT_ONCE = 10;
const CROWD = 999;

/** From the moment an order is sent until an open live page has it, alone and among a thousand. */
export async function benchLive(home: string, database: DatabaseSettings): Promise<Figure[]> {
  const platform = await startPlatform({
    home,
    env: { DATABASE_URL: urlOf(database), ROLES: 'api,orders', LOG_LEVEL: 'warn', LIVE_CONNECTIONS_PER_USER: '2000' },
  });
  try {
    const { body: source } = await platform.api('/api/v1/order-sources', { method: 'POST', body: { name: 'Bench' } });
    const alone = await measure(platform, source.id);
    const before = await residentMiB(platform);
    const crowd = await openCrowd(platform, source.id);
    const among = await measure(platform, source.id);
    const after = await residentMiB(platform);
    const fewest = await closeCrowd(crowd);
    return [
      figure(`order → open page, ${PER_SECOND} orders/s, one page`, alone),
      figure(`order → open page, ${PER_SECOND} orders/s, ${CROWD + 1} pages`, among),
      {
        name: `memory of the platform with ${CROWD + 1} live pages`,
        value: `${after} MiB`,
        beside: `${before} MiB with one; the page that was told fewest was told of ${fewest} of ${among.sent} orders`,
      },
    ];
  } finally {
    await platform.stop();
  }
}

interface Measured {
  sent: number;
  latencies: number[];
}

function figure(name: string, { latencies }: Measured): Figure {
  return {
    name,
    value: `p50 ${ms(percentile(latencies, 0.5))}, p99 ${ms(percentile(latencies, 0.99))}`,
    beside: `${latencies.length} orders, from before they were sent`,
    aim: 'p99 < 100 ms',
  };
}

/**
 * Messages say how many orders were added and not always which: one sender sends in order, so the n-th one is on the
 * page when the sum has reached n.
 */
async function measure(platform: TestPlatform, source: string): Promise<Measured> {
  const sentAt: number[] = [];
  const latencies: number[] = [];
  const page = await openLive(platform.url, platform.token, source, ({ type, quarters = [] }) => {
    if (type === 'snapshot') throw new Error('the page fell behind and began anew');
    const now = performance.now();
    const added = type === 'delta' ? quarters.reduce((sum, { orders }) => sum + orders, 0) : 0;
    for (let n = 0; n < added; n += 1) latencies.push(now - (sentAt[latencies.length] ?? now));
  });
  const begin = performance.now();
  const answers: Promise<unknown>[] = [];
  for (let n = 0; n < (PER_SECOND * SECONDS) / AT_ONCE; n += 1) {
    await delay(Math.max(0, begin + (n * 1000 * AT_ONCE) / PER_SECOND - performance.now()));
    sentAt.push(...Array.from({ length: AT_ONCE }, () => performance.now()));
    answers.push(post(platform, ordersBody(source, AT_ONCE, 'live')));
  }
  await Promise.all(answers);
  while (latencies.length < sentAt.length) await once(page, 'message');
  page.close();
  return { sent: sentAt.length, latencies };
}

async function post(platform: TestPlatform, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${platform.token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${platform.url}/api/v1/orders`, { method: 'POST', headers, body });
  if (answer.status !== 202) throw new Error(`an order was answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

async function openCrowd(platform: TestPlatform, source: string): Promise<ChildProcess> {
  const script = resolve(import.meta.dirname, 'live-crowd.ts');
  const args = ['--import', 'tsx', script, platform.url, platform.token, source, String(CROWD)];
  const crowd = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(crowd.stdout, 'data');
  return crowd;
}

/** How many orders the page of the crowd was told of that was told of fewest. */
async function closeCrowd(crowd: ChildProcess): Promise<number> {
  crowd.stdin?.end();
  const [text] = (await once(crowd.stdout ?? crowd, 'data')) as [Buffer];
  await once(crowd, 'exit');
  return Number(String(text).trim());
}

async function residentMiB({ child }: TestPlatform): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
