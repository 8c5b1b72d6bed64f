import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Action, type ActionName, type Seen, type Situation } from './decide.ts';
import { STATUSES, type Operation, type Store, type StoreUrls } from './store.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const SOON = new Date(NOW.getTime() + 60_000);
const PAST = new Date(NOW.getTime() - 60_000);
const URLS: StoreUrls = {
  storefront: 'http://a.localhost',
  admin: 'http://a.localhost/app',
  api: 'http://a.localhost/store',
  direct: 'http://127.0.0.1:20000',
};
const WELL: Seen = { missing: null, dataMissing: false, checkpoint: false, trouble: null };

function store(patch: Partial<Store> = {}): Store {
  return {
    id: '7f3a0000-0000-4000-8000-000000000000',
    userId: '00000000-0000-4000-8000-000000000000',
    name: 'Tea House',
    slug: 'tea-house-7f3a',
    engine: 'medusa',
    status: 'provisioning',
    activity: 'awake',
    operation: null,
    namespace: 'store-tea-house-7f3a-7f3a0000',
    urls: null,
    errorMessage: null,
    attempt: 1,
    engineVersion: null,
    upgradeFrom: null,
    previousVersion: null,
    correlationId: 'c',
    deadlineAt: null,
    readyAt: null,
    createdAt: PAST,
    updatedAt: PAST,
    ...patch,
  };
}

function at(patch: Partial<Store>, seen: Partial<Seen> | null = {}, more: Partial<Situation> = {}): Situation {
  return { store: store(patch), seen: seen && { ...WELL, ...seen }, engineReady: true, urls: URLS, now: NOW, ...more };
}

const doing = (step: string, more: Partial<Operation> = {}): Operation => ({
  type: 'provision',
  step,
  startedAt: PAST.toISOString(),
  ...more,
});
const crashing = { message: 'It ended 5 times.', terminal: true };
const restarting = { message: 'It is started again in 2 s.', terminal: false };
const made = { deadlineAt: SOON };
const handedOver = { readyAt: PAST, urls: URLS };
const changing = { status: 'ready' as const, ...handedOver, ...made, engineVersion: '2', upgradeFrom: '1' };
const upgrading = (step: string, more: Partial<Operation> = {}): Operation => ({
  ...doing(step, more),
  type: 'upgrade',
});

const TABLE: [string, Situation, Action][] = [
  // A new store, step by step.
  ['has no secrets yet', at({}, null, { engineReady: false }), { do: 'reserve' }],
  ['waits for its engine', at({}, {}, { engineReady: false }), { do: 'prepare' }],
  ['asks whether it fits', at({}, { missing: 'database' }), { do: 'admit' }],
  ['makes what is missing', at(made, { missing: 'database' }), { do: 'apply', step: 'database' }],
  [
    'makes what is missing, data too',
    at(made, { missing: 'database', dataMissing: true }),
    { do: 'apply', step: 'database' },
  ],
  ['is there and must prove itself', at({ ...made, operation: doing('health') }), { do: 'prove' }],
  [
    'was interrupted in its proof',
    at({ ...made, operation: doing('prove') }, { checkpoint: true }),
    { do: 'rollback' },
  ],
  [
    'was interrupted in the way back',
    at(made, { checkpoint: true, missing: 'database', dataMissing: true }),
    { do: 'rollback' },
  ],
  ['has proven itself', at({ ...made, operation: doing('publish') }), { do: 'publish' }],
  [
    'fell after its proof',
    at({ ...made, operation: doing('publish') }, { missing: 'process' }),
    { do: 'apply', step: 'process' },
  ],
  ['rose after that, and proves itself again', at({ ...made, operation: doing('health') }), { do: 'prove' }],
  [
    'is started again by its supervisor',
    at(made, { missing: 'process', trouble: restarting }),
    { do: 'wait', until: new Date(NOW.getTime() + 5000) },
  ],
  [
    'ends again and again',
    at(made, { missing: 'process', trouble: crashing }),
    { do: 'fail', step: 'process', message: crashing.message },
  ],
  // A retry.
  ['clears away the last attempt', at({ attempt: 2 }, { missing: 'health' }), { do: 'discard' }],
  ['has cleared away', at({ attempt: 2, operation: doing('admit') }, { missing: 'database' }), { do: 'admit' }],
  [
    'ignores what troubled the last attempt',
    at({ attempt: 2 }, { missing: 'process', trouble: crashing }),
    { do: 'discard' },
  ],
  [
    'keeps the data of its owner',
    at({ attempt: 2, ...handedOver }, { missing: 'process', trouble: crashing }),
    { do: 'admit' },
  ],
  [
    'mends what its owner has',
    at({ attempt: 2, ...handedOver, ...made }, { missing: 'process' }),
    { do: 'apply', step: 'process' },
  ],
  ['does not buy in a shop in use', at({ attempt: 2, ...handedOver, ...made }), { do: 'publish' }],
  [
    'does not roll back a shop in use',
    at({ attempt: 2, ...handedOver, ...made }, { checkpoint: true }),
    { do: 'publish' },
  ],
  // Ready.
  ['is well', at({ status: 'ready', ...handedOver }), { do: 'rest' }],
  ['answers nowhere for the moment', at({ status: 'ready', ...handedOver }, {}, { urls: null }), { do: 'rest' }],
  [
    'has moved to another port',
    at({ status: 'ready', readyAt: PAST, urls: { ...URLS, direct: 'http://127.0.0.1:1' } }),
    { do: 'publish' },
  ],
  [
    'does not run, after a restart of the platform',
    at({ status: 'ready', ...handedOver }, { missing: 'process' }),
    { do: 'apply', step: 'process' },
  ],
  [
    'is restarted by its supervisor',
    at({ status: 'ready', ...handedOver }, { missing: 'process', trouble: restarting }),
    { do: 'watch', step: 'process', message: restarting.message },
  ],
  [
    'can not be kept running',
    at({ status: 'ready', ...handedOver }, { missing: 'process', trouble: crashing }),
    { do: 'fail', step: 'process', message: crashing.message },
  ],
  [
    'needs an engine that was upgraded',
    at({ status: 'ready', ...handedOver }, { missing: 'process' }, { engineReady: false }),
    { do: 'prepare' },
  ],
  ['needs a secret that is new', at({ status: 'ready', ...handedOver }, null), { do: 'reserve' }],
  // On its way to another version.
  [
    'is to run another version',
    at({ ...changing, operation: upgrading('upgrade') }, { missing: 'release' }),
    { do: 'apply', step: 'release' },
  ],
  ['waits for its new version', at(changing, { missing: 'health' }), { do: 'apply', step: 'health' }],
  ['runs its new version', at(changing), { do: 'settle' }],
  ['runs its new version, though late', at({ ...changing, deadlineAt: PAST }), { do: 'settle' }],
  [
    'has a new version that stumbles',
    at(changing, { missing: 'health', trouble: restarting }),
    { do: 'wait', until: new Date(NOW.getTime() + 5000) },
  ],
  [
    'has a new version that does not run',
    at(changing, { missing: 'health', trouble: crashing }),
    { do: 'revert', step: 'health', message: crashing.message },
  ],
  [
    'waits for its next try, and has a new version that does not run',
    at(
      { ...changing, operation: upgrading('health', { tries: 1, retryAt: SOON.toISOString() }) },
      { missing: 'health', trouble: crashing },
    ),
    { do: 'revert', step: 'health', message: crashing.message },
  ],
  [
    'takes too long to change',
    at({ ...changing, deadlineAt: PAST }, { missing: 'health' }),
    { do: 'revert', step: 'health', message: 'Changing the version took longer than it may.' },
  ],
  ['needs a secret for its new version', at(changing, null), { do: 'reserve' }],
  ['needs its new version prepared', at(changing, { missing: 'process' }, { engineReady: false }), { do: 'prepare' }],
  [
    'is to go, in the middle of an upgrade',
    at({ ...changing, status: 'deleting', operation: upgrading('release') }, null),
    { do: 'remove' },
  ],
  [
    'is on its way back',
    at({ status: 'ready', ...handedOver, operation: { ...doing('revert'), type: 'repair' } }, { missing: 'release' }),
    { do: 'apply', step: 'release' },
  ],
  [
    'can not be brought back either',
    at({ status: 'ready', ...handedOver }, { missing: 'health', trouble: crashing }),
    { do: 'fail', step: 'health', message: crashing.message },
  ],
  // Failed.
  ['failed before its hand-over', at({ status: 'failed' }, { missing: 'process' }), { do: 'rest' }],
  ['failed before its hand-over, though it runs', at({ status: 'failed' }), { do: 'rest' }],
  ['is well again', at({ status: 'failed', ...handedOver }), { do: 'recover' }],
  [
    'is tried again after a restart of the platform',
    at({ status: 'failed', ...handedOver }, { missing: 'process' }),
    { do: 'apply', step: 'process' },
  ],
  ['failed, and needs a secret that is new', at({ status: 'failed', ...handedOver }, null), { do: 'reserve' }],
  ['failed before its hand-over, and has no secrets', at({ status: 'failed' }, null), { do: 'rest' }],
  ['still falls', at({ status: 'failed', ...handedOver }, { missing: 'process', trouble: crashing }), { do: 'rest' }],
  [
    'has lost its data and failed for it',
    at({ status: 'failed', ...handedOver }, { missing: 'database', dataMissing: true }),
    { do: 'rest' },
  ],
  // Others.
  ['is stopped', at({ status: 'stopped', ...handedOver }, { missing: 'process' }), { do: 'rest' }],
  ['is to go', at({ status: 'deleting' }, null), { do: 'remove' }],
  [
    'is to go, in the middle of its proof',
    at({ status: 'deleting', operation: doing('prove'), deadlineAt: PAST }, { checkpoint: true }),
    { do: 'remove' },
  ],
  // Held back after a failure.
  [
    'waits for its next try',
    at({ ...made, operation: doing('database', { tries: 1, retryAt: SOON.toISOString() }) }, { missing: 'database' }),
    { do: 'wait', until: SOON },
  ],
  [
    'has waited long enough',
    at({ ...made, operation: doing('database', { tries: 1, retryAt: PAST.toISOString() }) }, { missing: 'database' }),
    { do: 'apply', step: 'database' },
  ],
  [
    'does not wait to be removed',
    at({ status: 'deleting', operation: doing('database', { tries: 1, retryAt: SOON.toISOString() }) }, null),
    { do: 'remove' },
  ],
  [
    'waits for the next try to remove it',
    at(
      {
        status: 'deleting',
        operation: { ...doing('remove', { tries: 1, retryAt: SOON.toISOString() }), type: 'delete' },
      },
      null,
    ),
    { do: 'wait', until: SOON },
  ],
];

describe('decide', () => {
  it.each(TABLE)('ORC-1: a store that %s', (_, situation, action) => {
    expect(decide(situation)).toEqual(action);
  });

  it('ORC-4: gives up when the time is over, and names the step', () => {
    const late = at({ deadlineAt: PAST, operation: doing('database') }, { missing: 'database' });
    expect(decide(late)).toMatchObject({ do: 'fail', step: 'database' });
    expect(decide({ ...late, store: { ...late.store, operation: null } })).toMatchObject({ do: 'fail', step: 'admit' });
  });

  it.each(['ready', 'provisioning'] as const)(
    'fails a %s store whose data is gone, and puts nothing in its place',
    (status) => {
      const gone = at({ status, attempt: 2, ...handedOver, ...made }, { missing: 'database', dataMissing: true });
      expect(decide(gone)).toMatchObject({ do: 'fail', step: 'database' });
    },
  );
});

describe('decide, while the version changes', () => {
  it('leads back where the data is gone, and puts nothing in its place', () => {
    const gone = at(changing, { missing: 'database', dataMissing: true });
    expect(decide(gone)).toMatchObject({ do: 'revert', step: 'database' });
  });

  it.each(['process', 'release', 'health'])('KUB-7: no trouble with %s fails the store itself', (missing) => {
    fc.assert(
      fc.property(anyTrouble, fc.boolean(), fc.option(anyDate), (trouble, dataMissing, deadlineAt) => {
        const action = decide(at({ ...changing, deadlineAt }, { missing, trouble, dataMissing }));
        expect(action.do).not.toBe('fail');
      }),
    );
  });
});

const STEPS = ['database', 'files', 'process', 'health'];
const anyDate = fc.integer({ min: -2, max: 2 }).map((hours) => new Date(NOW.getTime() + hours * 3_600_000));
const anyTrouble = fc.option(fc.record({ message: fc.constant('It ended.'), terminal: fc.boolean() }));
const anySeen = fc.record({
  missing: fc.option(fc.constantFrom(...STEPS)),
  dataMissing: fc.boolean(),
  checkpoint: fc.boolean(),
  trouble: anyTrouble,
});
const anyOperation = fc.record(
  {
    type: fc.constantFrom('provision' as const, 'repair' as const, 'upgrade' as const, 'delete' as const),
    step: fc.constantFrom('reserve', 'prepare', 'discard', 'admit', ...STEPS, 'prove', 'publish', 'revert', 'remove'),
    startedAt: fc.constant(PAST.toISOString()),
    tries: fc.nat(5),
    retryAt: anyDate.map((date) => date.toISOString()),
  },
  { requiredKeys: ['type', 'step', 'startedAt'] },
);
const anyStore = fc
  .record({
    status: fc.constantFrom(...STATUSES),
    attempt: fc.integer({ min: 1, max: 3 }),
    operation: fc.option(anyOperation),
    deadlineAt: fc.option(anyDate),
    readyAt: fc.option(fc.constant(PAST)),
    upgradeFrom: fc.option(fc.constant('1')),
    urls: fc.option(fc.constant(URLS)),
  })
  .map((patch) => store(patch as Partial<Store>));
const anySituation: fc.Arbitrary<Situation> = fc.record({
  store: anyStore,
  seen: fc.option(anySeen),
  engineReady: fc.boolean(),
  urls: fc.option(fc.constant(URLS)),
  now: fc.constant(NOW),
});

describe('decide, from any situation', () => {
  it('STO-5: a store that is being deleted is only removed', () => {
    const allowed: ActionName[] = ['remove', 'wait'];
    fc.assert(
      fc.property(anySituation, (situation) => {
        fc.pre(situation.store.status === 'deleting');
        expect(allowed).toContain(decide(situation).do);
      }),
    );
  });

  it('never removes, remakes or buys in what was handed over', () => {
    const forbidden: ActionName[] = ['remove', 'discard', 'rollback', 'prove'];
    fc.assert(
      fc.property(anySituation, (situation) => {
        fc.pre(situation.store.readyAt !== null && situation.store.status !== 'deleting');
        const action = decide(situation);
        expect(forbidden).not.toContain(action.do);
        expect(action.do === 'apply' && situation.seen?.dataMissing).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('never touches a stopped store', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        fc.pre(situation.store.status === 'stopped');
        expect(decide(situation)).toEqual({ do: 'rest' });
      }),
    );
  });

  it('ORC-1: converges, and hands over only what has proven itself', () => {
    fc.assert(
      fc.property(anySituation, (start) => {
        const path: string[] = [];
        let situation: Situation | null = start;
        let proven = start.store.operation?.step === 'publish';
        for (let round = 0; round < 30; round += 1) {
          const action = decide(situation);
          path.push(action.do);
          if (action.do === 'rest' || action.do === 'watch') return;
          if (action.do === 'prove') proven = true;
          const handsOver =
            action.do === 'publish' && situation.store.readyAt === null && situation.store.status === 'provisioning';
          expect(handsOver && !proven, 'hands over what was not proven').toBe(false);
          situation = follow(situation, action);
          if (situation === null) return;
        }
        expect.fail(`no end: ${path.join(' → ')}`);
      }),
      { numRuns: 1000 },
    );
  });
});

const step = (name: string): Partial<Store> => ({ operation: doing(name) });

/** What an action that succeeds makes of a situation; null when the store is gone. */
function follow(situation: Situation, action: Action): Situation | null {
  const { store: before, now } = situation;
  const seen = situation.seen ?? WELL;
  const change = (patch: Partial<Store>, more: Partial<Situation> = {}): Situation => ({
    ...situation,
    store: { ...before, ...patch },
    ...more,
  });
  switch (action.do) {
    case 'remove':
      return null;
    case 'reserve':
      return change(step('reserve'), { seen: { ...WELL, missing: 'database' } });
    case 'prepare':
      return change(step('prepare'), { engineReady: true });
    case 'discard':
      return change(step('admit'), { seen: { ...WELL, missing: 'database' } });
    case 'admit':
      return change({ ...step('admit'), deadlineAt: SOON }, { seen: { ...seen, trouble: null } });
    case 'apply':
      return change(step(action.step), {
        seen: { ...seen, missing: STEPS[STEPS.indexOf(action.step) + 1] ?? null, dataMissing: false, trouble: null },
        urls: URLS,
      });
    case 'rollback':
      return change(step('rollback'), { seen: { ...seen, checkpoint: false } });
    case 'prove':
      return change(step('publish'));
    case 'publish':
      return change({
        status: 'ready',
        operation: null,
        deadlineAt: null,
        readyAt: before.readyAt ?? now,
        urls: situation.urls ?? URLS,
      });
    case 'settle':
    case 'revert':
      return change({ upgradeFrom: null, deadlineAt: null, operation: null });
    case 'recover':
      return change({ status: 'ready', operation: null, urls: situation.urls ?? before.urls });
    case 'fail':
      return change({ status: 'failed', operation: null, deadlineAt: null });
    case 'wait': {
      const later = action.until > now ? action.until : now;
      return change(
        { operation: before.operation && { ...before.operation, retryAt: PAST.toISOString() } },
        { now: later, seen: { ...seen, trouble: null } },
      );
    }
    default:
      return situation;
  }
}
