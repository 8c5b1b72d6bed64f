import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WOOCOMMERCE_ASSET, WORDPRESS_ASSET } from '../../engines/woocommerce/needs.ts';
import { ON_KUBERNETES, testApi, type TestApi } from '../../test/support/api.ts';
import { cannotBeHad } from '../assets/words.ts';
import { addEvent } from '../db/store-events.ts';
import { changeStatus, deleteStoreRow, updateStore, type StorePatch } from '../db/stores.ts';
import { main } from './main.ts';

let api: TestApi;
let server: Server;
let home: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  // Where everything that can be asked for is possible; what the shops run on is not what this is about.
  api = await testApi({ env: ON_KUBERNETES });
  server = createServer(api.app.routing).listen(0, '127.0.0.1');
  await once(server, 'listening');
  home = await mkdtemp(join(tmpdir(), 'store-platform-cli-'));
  await writeFile(join(home, 'token'), `${api.owner.key}\n`);
  const port = String((server.address() as AddressInfo).port);
  // No test asks a host elsewhere: what WooCommerce is made of is sought here, in vain.
  env = { STORE_PLATFORM_HOME: home, PORT: port, STORE_PLATFORM_ASSETS_URL: `http://127.0.0.1:${port}/none` };
});

afterAll(async () => {
  api.drain();
  server.closeAllConnections();
  server.close();
  await api.close();
  await rm(home, { recursive: true, force: true });
});

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

function start(args: string[], change: NodeJS.ProcessEnv = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const seen = { stdout: '', stderr: '' };
  stdout.setEncoding('utf8').on('data', (chunk: string) => (seen.stdout += chunk));
  stderr.setEncoding('utf8').on('data', (chunk: string) => (seen.stderr += chunk));
  const done = main(args, { stdin: {}, stdout, stderr, env: { ...env, ...change } }).then((code): Result => ({
    code,
    ...seen,
  }));
  return { seen, done };
}

const run = (args: string[], change?: NodeJS.ProcessEnv) => start(args, change).done;

async function json<T = any>(args: string[]): Promise<T> {
  const { code, stdout, stderr } = await run([...args, '--json']);
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
  return JSON.parse(stdout) as T;
}

const tell = (storeId: string, type: string, message: string) =>
  api.db.asOrchestrator((tx) => addEvent(tx, { storeId, type, message, correlationId: null }));

const become = (storeId: string, trigger: 'proven' | 'failed', errorMessage: string | null = null) =>
  api.db.asOrchestrator(async (tx) => {
    await changeStatus(tx, storeId, trigger, { errorMessage, readyAt: new Date(), operation: null });
    await addEvent(tx, {
      storeId,
      type: trigger === 'proven' ? 'ready' : 'failed',
      message: 'The end.',
      correlationId: null,
    });
  });

/** What the orchestrator does at the end of a change of version, well or not. */
const settle = (storeId: string, type: string, message: string, patch: StorePatch) =>
  api.db.asOrchestrator(async (tx) => {
    await updateStore(tx, storeId, { upgradeFrom: null, deadlineAt: null, operation: null, ...patch });
    await addEvent(tx, { storeId, type, message, correlationId: null });
  });

const vanish = (storeId: string) => api.db.asOrchestrator((tx) => deleteStoreRow(tx, storeId));

async function made(name: string): Promise<{ id: string; slug: string }> {
  return json(['create', name, '--engine', 'medusa']);
}

describe('the command line', () => {
  it('STO-8: prints one document on standard output and everything else on standard error', async () => {
    const { code, stdout, stderr } = await run(['create', 'Tea House', '--engine', 'medusa', '--json']);
    expect(code).toBe(0);
    const store = JSON.parse(stdout);
    expect(store).toMatchObject({ name: 'Tea House', engine: 'medusa', status: 'provisioning' });
    expect(stderr).toContain(`store-platform events ${store.slug} --follow`);

    expect(await json(['show', store.slug])).toMatchObject({ id: store.id });
    expect(await json(['--json', 'show', store.id])).toMatchObject({ slug: store.slug });
    const page = await json(['list', '--limit', '1']);
    expect(page).toMatchObject({ limit: 1, offset: 0, stores: [{ id: store.id }] });
    const { events } = await json(['events', store.slug]);
    expect(events[0]).toMatchObject({ type: 'created' });
  });

  it('shows the same to people, without colours off a terminal', async () => {
    const { slug, id } = await made('Coffee Corner');
    const list = await run(['list']);
    expect(list.stdout).toMatch(/^NAME +ENGINE +STATUS +SLUG +ADDRESS +CREATED\n/);
    expect(list.stdout).toContain(slug);
    expect((await run(['show', slug])).stdout).toMatch(new RegExp(`Id: +${id}\n`));
    expect((await run(['events', slug])).stdout).toMatch(/created +"Coffee Corner" was ordered/);
    for (const args of [['list'], ['show', slug], ['events', slug], ['doctor']]) {
      const { stdout, stderr } = await run(args);
      expect(stdout + stderr).not.toContain('\u001b');
    }
  });

  it('create --wait follows the events and ends with the ready store', async () => {
    const { seen, done } = start(['create', 'Live Shop', '--engine', 'medusa', '--wait', '--json']);
    await expect.poll(() => seen.stderr).toContain('was ordered');
    const id = (await json(['list', '--limit', '1'])).stores[0].id;
    await tell(id, 'step-started', 'Making its database');
    await expect.poll(() => seen.stderr).toContain('Making its database');
    server.closeAllConnections();
    await tell(id, 'step-started', 'Starting the shop');
    await expect.poll(() => seen.stderr, { timeout: 5000 }).toContain('Starting the shop');
    await become(id, 'proven');
    const { code, stdout, stderr } = await done;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id, status: 'ready' });
    expect(stderr).toMatch(/Live Shop is ready after [\d.]+ s: http/);
    expect(stderr.match(/Making its database/g)).toHaveLength(1);
  });

  it('create --wait and retry --wait of a shop that fails end with 1, the reason, and the store all the same', async () => {
    const { seen, done } = start(['create', 'Doomed', '--engine', 'medusa', '--wait', '--json']);
    await expect.poll(() => seen.stderr).toContain('was ordered');
    const { id, slug } = (await json(['list', '--limit', '1'])).stores[0];
    await become(id, 'failed', 'The disk is full.');
    const { code, stdout, stderr } = await done;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ id, status: 'failed', errorMessage: 'The disk is full.' });
    expect(stderr).toContain('The disk is full.');

    const again = start(['retry', slug, '--wait', '--json']);
    await expect.poll(() => again.seen.stderr).toContain('Another try was ordered');
    expect(again.seen.stderr).not.toContain('was ordered."');
    await become(id, 'proven');
    expect((await again.done).code).toBe(0);
    expect((await run(['retry', slug])).code).toBe(1);
  });

  it('KUB-7: upgrade --wait and rollback --wait end with the store in its version', async () => {
    const { id, slug } = await made('Growing');
    await become(id, 'proven');
    await api.db.asOrchestrator((tx) => updateStore(tx, id, { engineVersion: '0.9.0' }));
    expect((await run(['show', slug])).stdout).toMatch(/Version: +0\.9\.0\nUpgrade to: +1\.0\.0\n/);
    const there = start(['upgrade', slug, '--wait', '--json']);
    await expect.poll(() => there.seen.stderr).toContain('An upgrade was ordered');
    await settle(id, 'upgraded', 'The shop runs its new version', { previousVersion: '0.9.0' });
    const { code, stdout, stderr } = await there.done;
    expect([code, stderr]).toEqual([0, expect.stringContaining('Growing runs version 1.0.0')]);
    expect(JSON.parse(stdout)).toMatchObject({ id, engineVersion: '1.0.0', upgradeTo: null, rollbackTo: '0.9.0' });

    const back = await run(['rollback', slug]);
    expect([back.code, back.stdout]).toEqual([0, expect.stringMatching(/Version: +0\.9\.0\n/)]);
    expect(back.stderr).toContain(`store-platform events ${slug} --follow`);
  });

  it('KUB-7: upgrade --wait of a shop that goes back ends with 1 and the reason; what is not possible too', async () => {
    const { id, slug } = await made('Steady');
    expect(await run(['upgrade', slug])).toMatchObject({ code: 1, stdout: '' });
    await become(id, 'proven');
    await api.db.asOrchestrator((tx) => updateStore(tx, id, { engineVersion: '0.9.0' }));
    expect((await run(['rollback', slug])).stderr).toContain('no other version');
    const { seen, done } = start(['upgrade', slug, '--wait', '--json']);
    await expect.poll(() => seen.stderr).toContain('An upgrade was ordered');
    await settle(id, 'upgrade-failed', 'No such image.', { engineVersion: '0.9.0' });
    const { code, stdout, stderr } = await done;
    expect([code, stderr]).toEqual([1, expect.stringContaining('did not come to version 1.0.0: No such image.')]);
    expect(JSON.parse(stdout)).toMatchObject({ id, status: 'ready', engineVersion: '0.9.0' });
  });

  it('delete asks for --yes where nobody can be asked, and --wait ends when the store is gone', async () => {
    const { id, slug } = await made('Short Lived');
    const refused = await run(['delete', slug]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('--yes');
    const { seen, done } = start(['delete', slug, '--yes', '--wait', '--json']);
    await expect.poll(() => seen.stderr).toContain('Deletion was ordered');
    await vanish(id);
    const { code, stdout } = await done;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ id, deleted: true });
    expect((await run(['show', slug])).code).toBe(1);
  });

  it('events --follow prints one document a line until the store is gone', async () => {
    const { id, slug } = await made('Followed');
    const { seen, done } = start(['events', slug, '--follow', '--json']);
    await expect.poll(() => seen.stdout).toContain('created');
    await tell(id, 'step-started', 'Making its folder');
    await expect.poll(() => seen.stdout).toContain('Making its folder');
    await vanish(id);
    const lines = (await done).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect(lines).toEqual(['created', 'step-started', 'deleted']);
  });

  it('credentials and open wait for the shop; logs prints its lines', async () => {
    const { id, slug } = await made('Open Me');
    expect(await run(['credentials', slug])).toMatchObject({ code: 1, stdout: '' });
    expect((await run(['open', slug])).stderr).toContain('provisioning');
    await become(id, 'proven');
    expect(await json(['credentials', slug])).toMatchObject({ admin: { username: 'admin@example.com' } });
    expect((await run(['credentials', slug])).stdout).toMatch(/Publishable key: +pk_test/);
    expect((await run(['open', slug])).stdout).toBe(`http://${slug}.localhost:3001\n`);
    const followed = start(['logs', slug, '--follow']);
    api.logs.write('listening\n');
    await expect.poll(() => followed.seen.stdout).toBe('listening\n');
    api.logs.end('bye\n');
    expect(await followed.done).toMatchObject({ code: 0, stdout: 'listening\nbye\n' });
  });
});

describe('exit codes and remedies', () => {
  it('2 for wrong usage, without asking the platform', async () => {
    for (const args of [
      ['create', 'X'],
      ['create', 'Tea', '--engine', 'shopify'],
      ['nonsense'],
      ['list', '--limit', 'many'],
      ['orders', 'rebuild', '--nonsense'],
      [],
    ]) {
      expect([args, (await run(args, { PORT: '1' })).code]).toEqual([args, 2]);
    }
    expect((await run(['list'], { STORE_PLATFORM_URL: 'nowhere' })).code).toBe(2);
    expect((await run(['create', 'Test; rm -rf /', '--engine', 'medusa'])).code).toBe(2);
    expect(await run(['--help'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('4 when not signed in, with what to do', async () => {
    const wrong = await run(['list'], { STORE_PLATFORM_TOKEN: 'spk_wrong' });
    expect(wrong.code).toBe(4);
    expect(wrong.stderr).toContain('STORE_PLATFORM_TOKEN');
    const none = await run(['list'], { STORE_PLATFORM_HOME: '/nonexistent' });
    expect(none.code).toBe(4);
    expect(none.stderr).toContain('There is no key in /nonexistent/token');
  });

  it('1 when the platform is not running, with the command that starts it', async () => {
    const { code, stderr } = await run(['list'], { PORT: '1' });
    expect(code).toBe(1);
    expect(stderr).toContain('not running at http://127.0.0.1:1: start it with npm start');
  });

  it('1 for what the platform refuses, in its words', async () => {
    // A shop that is being made has no credentials yet.
    const { id } = await json(['create', 'Too Early', '--engine', 'woocommerce']);
    expect(await run(['credentials', id])).toMatchObject({
      code: 1,
      stderr: 'The store has no credentials yet. They are there once it is ready.\n',
    });
  });

  it('is a program of its own', async () => {
    const script = "import { main } from './src/cli/main.ts'; process.exitCode = await main(process.argv.slice(1));";
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, 'list', '--json'], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).stores).toBeInstanceOf(Array);
  });
});

describe('doctor', () => {
  it('says what is there, and 0 when nothing that is needed is missing', async () => {
    const { ok, checks } = await json(['doctor']);
    expect(ok).toBe(true);
    const names = checks.map((check: { name: string }) => check.name);
    expect(names).toEqual(
      expect.arrayContaining([
        'Node',
        'PHP',
        'Home',
        'Disk',
        'Memory',
        'Assets',
        'Port',
        'Platform',
        'Key',
        'Engine medusa',
      ]),
    );
  });

  it('says the same about missing downloads as the platform would', async () => {
    const { checks } = await json(['doctor']);
    const assets = checks.find((check: { name: string }) => check.name === 'Assets');
    const url = env['STORE_PLATFORM_ASSETS_URL'] ?? '';
    const failures = [WORDPRESS_ASSET, WOOCOMMERCE_ASSET].map((asset) => ({ asset, reason: 'it answers 404' }));
    expect(assets.status).toBe('note');
    expect(`${assets.message}. ${assets.remedy}`).toBe(cannotBeHad(failures, join(home, 'assets'), url));
  });

  it('a foreign program on the port, a wrong key and a home that is no folder are missing, each with one remedy', async () => {
    const other = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = (other.address() as AddressInfo).port;
    const taken = await run(['doctor', '--json'], { PORT: String(port), STORE_PLATFORM_HOME: join(home, 'token') });
    other.close();
    expect(taken.code).toBe(1);
    const missing = JSON.parse(taken.stdout).checks.filter((check: { status: string }) => check.status === 'missing');
    expect(missing.map((check: { name: string }) => check.name)).toEqual(['Home', 'Port']);
    expect(missing[1].remedy).toBe(`PORT=${port + 1} npm start`);
    const key = await run(['doctor'], { STORE_PLATFORM_TOKEN: 'spk_wrong' });
    expect(key.code).toBe(1);
    expect(key.stdout).toMatch(/missing +Key/);
  });
});
