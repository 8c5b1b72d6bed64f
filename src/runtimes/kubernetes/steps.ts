import type { StorePlan } from '../../../engines/engine.ts';
import { TerminalError } from '../../errors.ts';
import type { StoreRef } from '../runtime.ts';
import type { Context } from './context.ts';
import { lookAt, type Facts } from './facts.ts';
import { endpointOf, notUpYet } from './health.ts';
import { holdsVolumes, isNamespaceAsWanted, isOwn, makeNamespace } from './namespace.ts';
import { isReachable } from './reachable.ts';
import { isReleased, makeRelease } from './release.ts';
import { isSecretAsWanted, makeSecret } from './secrets.ts';
import { becomeHealthy } from './become-healthy.ts';

/** One thing that a store needs. `done` only judges what was seen; `make` may be interrupted and repeated. */
export interface Step {
  name: string;
  done(context: Context, facts: Facts, plan: StorePlan): boolean | Promise<boolean>;
  make(context: Context, ref: StoreRef, plan: StorePlan, signal: AbortSignal): Promise<void>;
}

/** In the order in which they are made; each stands on those before it. */
const STEPS: readonly Step[] = [
  { name: 'namespace', done: isNamespaceAsWanted, make: makeNamespace },
  { name: 'secrets', done: (_, { inside }, plan) => isSecretAsWanted(inside, plan), make: makeSecret },
  { name: 'release', done: isReleased, make: makeRelease },
  {
    name: 'health',
    async done(_, facts) {
      if (facts.inside === null || notUpYet(facts.inside) !== null || !holdsVolumes(facts)) return false;
      const endpoint = endpointOf(facts.inside);
      return endpoint !== null && isReachable(endpoint);
    },
    make: becomeHealthy,
  },
];

export async function look(context: Context, ref: StoreRef): Promise<Facts> {
  return lookAt(context, ref.namespace, (found) => isOwn(found, context.installationId, ref.id));
}

/** The first step whose result is not there. */
export async function firstMissing(context: Context, facts: Facts, plan: StorePlan): Promise<string | null> {
  for (const step of STEPS) if (!(await step.done(context, facts, plan))) return step.name;
  return null;
}

export function stepNamed(name: string): Step {
  const step = STEPS.find((one) => one.name === name);
  if (!step) throw new TerminalError(`There is no step "${name}" in this runtime.`);
  return step;
}
