import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setImmediate as tick } from 'node:timers/promises';
import { expect, it, describe } from 'vitest';
import { makeTinyEngine } from '../../../test/support/tiny-engine/engine.ts';
import { makeAdmission } from './admission.ts';
import { restartDelay } from './backoff.ts';
import { inWords } from '../words.ts';
import { freeDisk, freeMemory } from './capacity.ts';
import { Crashes } from './crashes.ts';
import { fill } from './environment.ts';
import type { Values } from './environment.ts';
import { databaseNames, storeIdOfName, templateName } from './names.ts';
import { usablePort } from './ports.ts';
import { trackProgress } from './progress.ts';
import { makeTurns } from '../turns.ts';

const INSTALLATION = '12345678-1234-4234-8234-123456789abc';
const STORE = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';

describe('names', () => {
  it('ORC-5: say whose a database is, and whose not', () => {
    const { live, checkpoint, dirty, role } = databaseNames(INSTALLATION, STORE);
    for (const name of [live, checkpoint, dirty, role]) {
      expect(name.length).toBeLessThanOrEqual(63);
      expect(storeIdOfName(INSTALLATION, name)).toBe(STORE);
      expect(storeIdOfName('87654321-1234-4234-8234-123456789abc', name)).toBeNull();
    }
    for (const name of ['postgres', 'sp_12345678_tpl_medusa_1', `${live}_other`]) {
      expect(storeIdOfName(INSTALLATION, name)).toBeNull();
    }
    expect(() => databaseNames(INSTALLATION, 'x"; DROP')).toThrow('not a UUID');
  });

  it('never meet: what was replaced or cut in a version counts', () => {
    const names = ['1.0', '1_0', '1-0', 'v'.repeat(80), `${'v'.repeat(80)}2`].map((version) =>
      templateName(INSTALLATION, 'medusa', version),
    );
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9_]{1,63}$/);
  });
});

describe('restarts', () => {
  it('wait 1 s, then twice as long each time, up to a minute, less up to a half by chance', () => {
    expect([1, 2, 3, 7, 50].map((n) => restartDelay(n, () => 0))).toEqual([1000, 2000, 4000, 60_000, 60_000]);
    expect(restartDelay(2, () => 1)).toBe(1000);
  });

  it('count from the first again after a minute of health', () => {
    const crashes = new Crashes();
    for (let n = 0; n < 10; n += 1) crashes.note(0);
    expect(crashes.note(0)).toBeGreaterThan(20_000);
    expect(crashes.note(61_000)).toBeLessThanOrEqual(1000);
  });

  it('are a loop when there were five within three minutes, and no more when they are old', () => {
    const crashes = new Crashes();
    for (let n = 0; n < 4; n += 1) crashes.note(0, n * 1000);
    expect(crashes.loop(5000)).toBeNull();
    crashes.note(0, 5000);
    expect(crashes.loop(6000)).toBe(5);
    expect(crashes.loop(200_000)).toBeNull();
  });
});

describe('admission', () => {
  it('DAY-6: counts the shops that are still growing', async () => {
    const engine = await makeTinyEngine('medusa');
    const GB = 1e9;
    const admission = makeAdmission('/', async () => ({ memoryBytes: 2 * GB, diskBytes: 100 * GB }));
    const [a, b] = [engine.store({ memoryBytes: GB }), engine.store({ memoryBytes: GB })];
    expect(await admission.admit(a.plan)).toBeNull();
    expect(await admission.admit(a.plan)).toBeNull();
    expect(await admission.admit(b.plan)).toMatch(/needs 1\.0 GB, and 2\.0 GB are free, of which 1\.0 GB are promised/);
    admission.forget(a.ref.id);
    expect(await admission.admit(b.plan)).toBeNull();
  });

  it('measures this machine', async () => {
    expect(await freeMemory()).toBeGreaterThan(1e6);
    expect(await freeDisk('/')).toBeGreaterThan(1e6);
    expect(inWords(123_456_789)).toBe('123 MB');
  });
});

describe('placeholders', () => {
  it('are filled in wherever they stand, and a value is never taken for one', () => {
    const values: Values = {
      databaseUrl: '{{port}}$&',
      host: 'h',
      port: '1',
      engineDir: 'e',
      storeDir: 's',
      node: 'n',
    };
    expect(fill('{{host}}:{{port}} {{port}}', values)).toBe('h:1 1');
    expect(fill('a {{databaseUrl}}', values)).toBe('a {{port}}$&');
  });
});

describe('ports', () => {
  it('gives up with words when everything is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const taken = { find: async () => null, lease: async () => port, release: async () => {} };
    await expect(usablePort(taken, STORE)).rejects.toThrow('STORE_PORT_MIN');
    other.close();
  });
});

describe('turns', () => {
  it('go one after the other for a store, side by side for two, and a failure stops nobody', async () => {
    const turns = makeTurns();
    const log: string[] = [];
    const gate = new EventTarget();
    const first = turns.wait('a', null, async () => {
      await new Promise((resolve) => gate.addEventListener('open', resolve));
      log.push('a1');
      throw new Error('a1 failed');
    });
    const second = turns.wait('a', null, async () => void log.push('a2'));
    await turns.wait('b', null, async () => void log.push('b'));
    gate.dispatchEvent(new Event('open'));
    await expect(first).rejects.toThrow('a1 failed');
    await second;
    expect(log).toEqual(['b', 'a1', 'a2']);
  });

  it('can be taken over: what is under way is aborted and awaited, what waited is dropped', async () => {
    const turns = makeTurns();
    const log: string[] = [];
    const first = turns.wait('a', null, async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      log.push('ended');
      signal.throwIfAborted();
    });
    const second = turns.wait('a', null, async () => void log.push('never'));
    await tick();
    const over = turns.takeOver('a', async () => void log.push('over'));
    await expect(first).rejects.toThrow('being stopped');
    await expect(second).rejects.toThrow('being stopped');
    await over;
    expect(log).toEqual(['ended', 'over']);
  });
});

describe('progress', () => {
  it('rises by the weights', async () => {
    const phases = [0.25, 0.75].map((weight) => ({ name: 'a', title: 'A', command: [], weight, database: false }));
    const seen: number[] = [];
    const progress = trackProgress(phases, ({ fraction }) => seen.push(fraction));
    for (const one of phases) await progress.during(one, async () => {});
    expect(seen).toEqual([0, 0.25, 0.25, 1]);
  });
});
