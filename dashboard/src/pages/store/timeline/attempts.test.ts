import { describe, expect, it } from 'vitest';
import type { StoreEvent } from '../../../api/types.ts';
import { attemptsOf } from './attempts.ts';

let id = 0;
function event(type: string, metadata: Record<string, unknown> = {}, seconds = id): StoreEvent {
  id += 1;
  const createdAt = new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
  return {
    id,
    storeId: 's',
    type,
    message: `${type} ${metadata['step'] ?? ''}`,
    metadata,
    correlationId: null,
    createdAt,
  };
}
const step = (name: string, ms: number) => [
  event('step-started', { step: name }),
  event('step-done', { step: name, ms }),
];

describe("a store's story", () => {
  it('makes one line of what began and what ended a step', () => {
    const legs = [{ name: 'order', ms: 12 }];
    const [started, done] = step('prove', 40);
    const story = [
      event('created'),
      ...step('files', 20),
      started,
      event('proven', { legs }),
      done,
      event('ready', { ms: 5000 }),
    ];
    const [attempt, ...others] = attemptsOf(story as StoreEvent[]);
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({ number: 1, outcome: 'ready', openedAfterMs: 5000 });
    expect(attempt?.rows.map(({ step: name, state, ms }) => [name, state, ms])).toEqual([
      [null, 'told', null],
      ['files', 'done', 20],
      ['prove', 'done', 40],
      [null, 'good', null],
    ]);
    expect(attempt?.rows[2]?.legs).toEqual(legs);
  });

  it('begins an attempt with an order, not with a step that is tried again', () => {
    const story = [
      event('created'),
      event('step-started', { step: 'process' }),
      event('retry', { step: 'process', tries: 1, seconds: 1 }),
      ...step('process', 10),
      event('step-started', { step: 'health' }),
      event('failed', { step: 'health', remedy: 'Retry.' }),
      event('retry'),
      event('step-started', { step: 'discard' }),
    ];
    const [first, second] = attemptsOf(story);
    expect(first?.rows.map(({ state }) => state)).toEqual(['told', 'broken', 'bad', 'done', 'broken', 'bad']);
    expect(first?.rows.at(-1)?.detail).toBe('Retry.');
    expect(first?.outcome).toBe('failed');
    expect(second).toMatchObject({ number: 2, outcome: 'running' });
    expect(second?.rows.at(-1)).toMatchObject({ step: 'discard', state: 'running' });
  });

  it('KUB-7: tells a change of version, and one that did not work', () => {
    const story = [
      event('created'),
      event('ready', { ms: 5000 }),
      event('upgrade', { from: '1', to: '2' }),
      ...step('release', 10),
      event('upgraded', { from: '1', to: '2', ms: 4000 }),
      event('upgrade', { from: '2', to: '3' }),
      event('step-started', { step: 'health' }),
      event('upgrade-failed', { step: 'health', remedy: 'By itself.' }),
    ];
    const [attempt, ...others] = attemptsOf(story);
    expect(others).toEqual([]);
    expect(attempt?.outcome).toBe('ready');
    expect(attempt?.rows.map(({ state }) => state)).toEqual([
      'told',
      'good',
      'told',
      'done',
      'good',
      'told',
      'broken',
      'bad',
    ]);
    expect(attempt?.rows[4]?.ms).toBe(4000);
    expect(attempt?.rows.at(-1)?.detail).toBe('By itself.');
  });

  it('keeps the preparation of the software one line, until the next step', () => {
    const story = [
      event('created'),
      event('engine-preparing', { engine: 'medusa' }, 100),
      event('engine-preparing', { engine: 'medusa', title: 'Installing', fraction: 0.5 }, 110),
      event('step-started', { step: 'admit' }, 130),
    ];
    const running = attemptsOf(story.slice(0, -1))[0]?.rows.at(-1);
    expect(running).toMatchObject({ step: 'prepare', state: 'running' });
    expect(running?.detail).toContain('engine-preparing');
    expect(attemptsOf(story)[0]?.rows[1]).toMatchObject({ step: 'prepare', state: 'done', ms: 30_000 });
  });
});
