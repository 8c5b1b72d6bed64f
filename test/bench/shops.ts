import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { PLACEHOLDERS } from '../../engines/engine.ts';
import { openEngines } from '../../engines/index.ts';
import type { DatabaseSettings } from '../../src/config.ts';
import { makeSecret } from '../../src/orchestrator/actions/reserve.ts';
import { root } from '../../src/root.ts';
import { freePort, startPlatform, until, type TestPlatform } from '../support/platform.ts';
import { untilPrepared } from '../support/shops.ts';
import { makeShop, memoryOf, removeShop, type Event } from './life.ts';
import { ms, percentile, type Figure } from './report.ts';

const ROUNDS = 3;
const PICKUPS = 30;

/** What making shops costs: the engine's preparation once, then shop after shop beside Medusa's bare boot. */
export async function benchShops(
  home: string,
  database: DatabaseSettings,
  superuser: DatabaseSettings,
): Promise<Figure[]> {
  const platform = await startPlatform({
    home,
    env: {
      DATABASE_URL: `postgres://${database.user}:${database.password}@${database.host}:${database.port}/${database.name}`,
      LOG_LEVEL: 'info',
    },
  });
  try {
    const preparation = await benchPreparation(platform);
    const provision = await benchProvision(platform, superuser);
    return [...preparation, ...provision, await benchPickup(platform)];
  } finally {
    await platform.stop();
  }
}

async function benchPreparation(platform: TestPlatform): Promise<Figure[]> {
  const phases = await untilPrepared(platform);
  const total = phases.reduce((sum, phase) => sum + phase.ms, 0);
  const install = phases.find((phase) => phase.phase === 'install')?.ms ?? Number.NaN;
  return [
    {
      name: 'engine preparation, once a version',
      value: `${ms(total)} (${phases.map((phase) => `${phase.phase} ${ms(phase.ms)}`).join(', ')})`,
      beside: `its install alone: ${ms(install)}, ratio ${(total / install).toFixed(2)}`,
    },
  ];
}

/** Shops and bare boots in turn, so that both see the same machine. */
async function benchProvision(platform: TestPlatform, superuser: DatabaseSettings): Promise<Figure[]> {
  const totals: number[] = [];
  const proofs: number[] = [];
  const boots: number[] = [];
  let memory = Number.NaN;
  for (let round = 0; round < ROUNDS; round += 1) {
    const shop = await makeShop(platform, 'medusa');
    totals.push(shop.totalMs);
    proofs.push(shop.purchaseMs);
    if (round === ROUNDS - 1) memory = await memoryOf(platform, shop.id);
    await removeShop(platform, shop.id);
    boots.push(await bareBoot(platform.home, superuser));
  }
  const [total, purchase, boot] = [totals, proofs, boots].map((sample) => percentile(sample, 0.5)) as [
    number,
    number,
    number,
  ];
  return [
    {
      name: 'cold create to ready, median',
      value: ms(total),
      beside: `bare Medusa boot ${ms(boot)}, purchase ${ms(purchase)}; (create − purchase) / boot = ${((total - purchase) / boot).toFixed(2)}`,
      aim: '≤ 1.3 × boot + purchase',
    },
    { name: 'memory per store, after its proof', value: `${Math.round(memory / 2 ** 20)} MiB` },
  ];
}

/** The same prepared application on a fresh clone of the same template, started by hand until `/health` answers. */
async function bareBoot(home: string, superuser: DatabaseSettings): Promise<number> {
  const clone = `bench_boot_${Date.now()}`;
  const folder = await mkdtemp(join(tmpdir(), 'bench-boot-'));
  const template = await onServer(superuser, async (client) => {
    const { rows } = await client.query(
      `SELECT datname FROM pg_database WHERE datistemplate AND datname LIKE 'sp\\_%'`,
    );
    await client.query(`CREATE DATABASE ${clone} TEMPLATE "${rows[0].datname}"`);
    return rows[0].datname as string;
  });
  const port = await freePort();
  const url = `postgres://${superuser.user}:${superuser.password}@${superuser.host}:${superuser.port}/${clone}`;
  const begin = performance.now();
  const child = await spawnBare(home, folder, port, url);
  const exited = once(child, 'exit');
  try {
    await until(`Medusa on ${template} answers`, () => answers(`http://127.0.0.1:${port}/health`), 120_000);
    return performance.now() - begin;
  } finally {
    child.kill('SIGKILL');
    await exited;
    await onServer(superuser, (client) => client.query(`DROP DATABASE ${clone} WITH (FORCE)`));
    await rm(folder, { recursive: true, force: true });
  }
}

async function spawnBare(home: string, folder: string, port: number, databaseUrl: string) {
  const { medusa: engine } = await openEngines(root, { php: undefined, path: process.env['PATH'] });
  const context = {
    id: 'bench',
    name: 'Bench',
    slug: 'bench',
    publicUrl: `http://127.0.0.1:${port}`,
    userId: 'bench',
    createdAt: new Date(),
    open: false,
    // Nobody listens there: this shop is measured without the platform.
    ordersUrl: 'http://127.0.0.1:9/api/v1/orders',
  };
  const specs = Object.entries(engine.secrets(context));
  const secrets = Object.fromEntries(specs.map(([name, spec]) => [name, makeSecret(spec)]));
  const { process: plan } = engine.plan(context, secrets, engine.preparation.version);
  const values: Record<string, string> = {
    [PLACEHOLDERS.databaseUrl]: databaseUrl,
    [PLACEHOLDERS.host]: '127.0.0.1',
    [PLACEHOLDERS.port]: String(port),
    [PLACEHOLDERS.engineDir]: join(home, 'engines/medusa', engine.preparation.version),
    [PLACEHOLDERS.storeDir]: folder,
    [PLACEHOLDERS.node]: process.execPath,
  };
  const fill = (text: string) => text.replaceAll(/\{\{\w+\}\}/g, (name) => values[name] ?? name);
  const [program = '', ...args] = plan.command.map(fill);
  const env = Object.fromEntries(Object.entries(plan.env).map(([name, text]) => [name, fill(text)]));
  return spawn(program, args, { cwd: folder, env: { PATH: process.env['PATH'], ...env }, stdio: 'ignore' });
}

async function answers(url: string): Promise<true | null> {
  const answer = await fetch(url).catch(() => null);
  return answer?.ok ? true : null;
}

/** From the commit that asks for a shop to the orchestrator's first step, by the database's clock. */
async function benchPickup(platform: TestPlatform): Promise<Figure> {
  const delays: number[] = [];
  for (let n = 0; n < PICKUPS; n += 1) {
    const made = await platform.api('/api/v1/stores', {
      method: 'POST',
      body: { name: 'Bench Pickup', engine: 'medusa' },
    });
    const id: string = made.body.id;
    const events = await until('it was picked up', () => firstTwo(platform, id), 30_000);
    delays.push(Date.parse(events[1].createdAt) - Date.parse(events[0].createdAt));
    await removeShop(platform, id);
  }
  return {
    name: `job pick-up, ${PICKUPS} on an idle platform (created → first step, both committed)`,
    value: `p50 ${ms(percentile(delays, 0.5))}, p99 ${ms(percentile(delays, 0.99))}`,
    aim: 'p50 < 20 ms',
  };
}

async function firstTwo(platform: TestPlatform, id: string): Promise<[Event, Event] | null> {
  const events: Event[] = (await platform.api(`/api/v1/stores/${id}/events`)).body.events;
  const sorted = events.toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  return sorted[0] && sorted[1] ? [sorted[0], sorted[1]] : null;
}

async function onServer<T>(superuser: DatabaseSettings, work: (client: Client) => Promise<T>): Promise<T> {
  const { host, port, user, password, name } = superuser;
  const client = new Client({ host, port, user, password, database: name });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
