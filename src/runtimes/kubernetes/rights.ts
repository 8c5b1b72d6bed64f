import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from './context.ts';

const FIRST_MS = 20;
const LONGEST_MS = 1000;
const LIMIT_MS = 30_000;

/** Of each kind of thing that a store is made of one right stands for the rest: they come by the same binding. */
const NEEDED = [
  { group: '', resource: 'secrets', verb: 'create' },
  { group: 'apps', resource: 'deployments', verb: 'create' },
] as const;

/** A binding holds a moment after it was made, when the API server has heard of it; until then it is asked, not assumed. */
export async function waitForRights(
  { cluster, roleBindings }: Context,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  if (roleBindings.length === 0) return;
  const limit = Date.now() + LIMIT_MS;
  for (let pause = FIRST_MS; ; pause = Math.min(pause * 2, LONGEST_MS)) {
    const missing = await firstDenied(cluster.authorization, namespace);
    if (missing === null) return;
    if (Date.now() > limit) {
      throw new Error(
        `The platform's account may not ${missing.verb} ${missing.resource} in ${namespace}; look at STORE_ROLE_BINDINGS.`,
      );
    }
    await delay(pause, undefined, { signal });
  }
}

async function firstDenied(
  authorization: Context['cluster']['authorization'],
  namespace: string,
): Promise<(typeof NEEDED)[number] | null> {
  for (const right of NEEDED) {
    const answer = await authorization.createSelfSubjectAccessReview({
      body: { spec: { resourceAttributes: { namespace, ...right } } },
    });
    if (answer.status?.allowed !== true) return right;
  }
  return null;
}
