import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import type { StorePlan } from '../../../engines/engine.ts';
import type { StoreRef } from '../runtime.ts';
import { chartFolder } from './chart.ts';
import type { Context } from './context.ts';
import { orNull } from './failures.ts';
import { lookInside, type Facts, type Inside } from './facts.ts';
import { isHalted } from './health.ts';
import { LABELS, RELEASE } from './names.ts';
import { lacksVolume } from './namespace.ts';
import { decideRelease, isDeployed, type ReleaseAction } from './release-action.ts';
import { wantedRelease, type Wanted } from './values.ts';

/** How many revisions can be gone back to. */
const HISTORY = 5;
/** For hooks alone, of which a store's chart has none. */
const TIMEOUT = '60s';
/** Each unlocks or uninstalls what a dead worker has left; there is never more than one of those. */
const MOST_ACTIONS = 4;

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

export function isReleased(context: Context, facts: Facts, plan: StorePlan): boolean {
  const { inside } = facts;
  if (inside === null || lacksVolume(facts)) return false;
  return isDeployed(inside.revisions, wantedRelease(plan, context)) && !hasStrayed(inside, plan);
}

/**
 * Brings the release to what is wanted, one action after the other: looks at its history, does what that asks for, and
 * looks again where that only cleared the way. Does not wait for what was applied to come up.
 */
export async function makeRelease(
  context: Context,
  ref: StoreRef,
  plan: StorePlan,
  signal: AbortSignal,
): Promise<void> {
  const wanted = wantedRelease(plan, context);
  for (let actions = 0; actions < MOST_ACTIONS; actions += 1) {
    signal.throwIfAborted();
    const inside = await lookInside(context.cluster, ref.namespace);
    const action = decideRelease(inside.revisions, wanted, hasStrayed(inside, plan));
    context.log.debug({ namespace: ref.namespace, action: action.do }, 'Decided on the release');
    await act(context, ref.namespace, action, wanted, signal);
    if (action.do !== 'unlock' && action.do !== 'uninstall') return wakeUp(context, ref.namespace);
  }
  throw new Error('The release could not be brought out of the state in which an earlier try has left it.');
}

function act(
  context: Context,
  namespace: string,
  action: ReleaseAction,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<unknown> {
  switch (action.do) {
    case 'nothing':
      return Promise.resolve();
    case 'upgrade':
      return upgrade(context, namespace, wanted, signal);
    case 'rollback':
      return rollBackTo(context, namespace, action.to.number, signal);
    case 'unlock':
      return orNull(context.cluster.core.deleteNamespacedSecret({ name: action.revision.secret, namespace }));
    case 'uninstall':
      return uninstall(context, namespace, signal);
  }
}

async function upgrade(context: Context, namespace: string, wanted: Wanted, signal: AbortSignal): Promise<void> {
  const { helm, charts, operatorValues } = context;
  const chart = await chartFolder(charts, wanted.chart);
  const labels = `${LABELS.version}=${wanted.version},${LABELS.hash}=${wanted.hash}`;
  await helm.run(
    ['upgrade', '--install', RELEASE, chart, '--labels', labels, ...common(namespace), '--hide-notes'],
    [operatorValues, JSON.stringify(wanted.values)],
    signal,
  );
}

/** Puts a revision back as it was applied then, with the chart of that time. */
async function rollBackTo({ helm }: Context, namespace: string, revision: number, signal: AbortSignal): Promise<void> {
  await helm.run(['rollback', RELEASE, String(revision), ...common(namespace)], [], signal);
}

export async function uninstall({ helm }: Context, namespace: string, signal: AbortSignal): Promise<void> {
  const args = ['uninstall', RELEASE, '--ignore-not-found', '--namespace', namespace, '--timeout', TIMEOUT];
  await helm.run(args, [], signal);
}

function common(namespace: string): string[] {
  return ['--namespace', namespace, '--history-max', String(HISTORY), '--timeout', TIMEOUT];
}

/** What runs is not what the release says: it was halted, or somebody has removed a part of it. */
function hasStrayed(inside: Inside, { store }: StorePlan): boolean {
  return isHalted(inside) || inside.service === null || (store.open && inside.ingress === null);
}

/** A part whose number an autoscaler decides has none in its release: nobody else would start it again. */
async function wakeUp({ cluster: { apps } }: Context, namespace: string): Promise<void> {
  const { items } = await apps.listNamespacedDeployment({ namespace });
  const asleep = items.filter(({ spec }) => spec?.replicas === 0);
  for (const { metadata } of asleep) {
    const name = metadata?.name ?? '';
    await apps.patchNamespacedDeployment({ name, namespace, body: { spec: { replicas: 1 } } }, MERGE);
  }
}
