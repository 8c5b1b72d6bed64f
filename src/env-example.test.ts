import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadConfig, SETTINGS } from './config.ts';

const lines = readFileSync(new URL('../.env.example', import.meta.url), 'utf8').split('\n');
const example = Object.fromEntries(
  lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split(/=(.*)/).slice(0, 2)),
);

it('API-13: .env.example lists every setting, once, with its default', () => {
  expect(Object.keys(example).toSorted()).toEqual([...SETTINGS].toSorted());
  expect(lines.filter((line) => /^[A-Z]/.test(line))).toHaveLength(SETTINGS.length);
  expect(loadConfig(example)).toEqual(loadConfig({}));
});
