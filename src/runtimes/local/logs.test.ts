import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastLines, readLog, rotate } from './logs.ts';

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, n) => `line ${from + n} ü\n`).join('');

describe('logs of a store', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-platform-logs-'));
    file = join(folder, 'store.log');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('DAY-4: reads the last lines, however long the log', async () => {
    await writeFile(file, lines(1, 50_000));
    expect(await lastLines(file, 2)).toEqual(['line 49999 ü', 'line 50000 ü']);
    expect(await lastLines(file, 20_000)).toHaveLength(20_000);
    expect(await lastLines(file, 0)).toEqual([]);
    expect(await lastLines(join(folder, 'none.log'), 5)).toEqual([]);
  });

  it('DAY-4: keeps three old generations and reads over them', async () => {
    for (let n = 1; n <= 5; n += 1) {
      await appendFile(file, lines(n * 10 + 1, n * 10 + 3));
      expect(await rotate(file, 10)).toBe(true);
    }
    await appendFile(file, lines(61, 61));
    expect(await lastLines(file, 5)).toEqual(
      ['line 42 ü', 'line 43 ü', 'line 51 ü', 'line 52 ü', 'line 53 ü', 'line 61 ü'].slice(1),
    );
    expect(await readFile(`${file}.3`, 'utf8')).toContain('line 31');
    await expect(readFile(`${file}.4`)).rejects.toThrow('ENOENT');
    expect(await rotate(file, 1000)).toBe(false);
  });

  it('DAY-4: follows in whole lines, over a rotation, from before the file is there, until aborted', async () => {
    const controller = new AbortController();
    const reader = readLog(file, { tail: 10, follow: true, signal: controller.signal });
    let seen = '';
    const reading = (async () => {
      for await (const chunk of reader) seen += chunk;
    })();
    const until = async (text: string) => {
      while (!seen.endsWith(text)) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await writeFile(file, 'one\ntw');
    await until('one\n');
    await appendFile(file, 'o\n');
    await until('two\n');
    await appendFile(file, 'three\n');
    await rotate(file, 1);
    await appendFile(file, '4\n');
    await until('4\n');
    controller.abort();
    await reading;
    expect(seen).toBe('one\ntwo\nthree\n4\n');
  });
});
