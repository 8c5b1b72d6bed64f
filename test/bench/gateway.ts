import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import autocannon from 'autocannon';
import { freePort } from '../support/platform.ts';
import type { Figure } from './report.ts';

const SECONDS = 5;
const PAGE = {
  products: Array.from({ length: 20 }, (_, n) => ({ id: n, title: 'Stoneware Mug', text: 'x'.repeat(100) })),
};

/** What the way through the gateway costs beside the same shop asked directly, one request at a time and many at once. */
export async function benchGateway(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'store-platform-bench-'));
  const body = join(folder, 'body.json');
  await writeFile(body, JSON.stringify(PAGE));
  const [shopPort, doorPort] = [await freePort(), await freePort()];
  const children = [await start('bare-fastify.ts', body, shopPort), await start('gateway-door.ts', shopPort, doorPort)];
  try {
    return await measure(`http://127.0.0.1:${shopPort}/`, `http://127.0.0.1:${doorPort}/`);
  } finally {
    for (const child of children) child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(direct: string, through: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const connections of [1, 50]) {
    const [beside, found] = [await load(direct, connections), await load(through, connections)];
    figures.push({
      name: `a shop's page of ${Math.round(JSON.stringify(PAGE).length / 1024)} KiB through the gateway, ${connections} at a time`,
      value: rateOf(found, connections),
      beside: `directly: ${rateOf(beside, connections)}`,
    });
  }
  return figures;
}

/** The mean follows from the rate, because autocannon rounds each latency to whole milliseconds. */
function rateOf({ requests, latency }: autocannon.Result, connections: number): string {
  const mean = (1000 * connections) / requests.average;
  return `${Math.round(requests.average)}/s, mean ${mean.toFixed(2)} ms, p99 ${latency.p99} ms`;
}

async function load(url: string, connections: number): Promise<autocannon.Result> {
  const options = { url, connections, headers: { host: 'bench-0000.localhost' } };
  await autocannon({ ...options, duration: 1 });
  const result = await autocannon({ ...options, duration: SECONDS });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  return result;
}

async function start(script: string, ...args: (string | number)[]): Promise<ChildProcess> {
  const command = ['--import', 'tsx', resolve(import.meta.dirname, script), ...args.map(String)];
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  await once(child.stdout, 'data');
  return child;
}
