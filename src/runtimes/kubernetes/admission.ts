import type { V1Node } from '@kubernetes/client-node';
import type { StorePlan } from '../../../engines/engine.ts';
import { inWords } from '../words.ts';
import type { Context } from './context.ts';
import { isKubeError } from './failures.ts';
import { quantity } from './quantity.ts';

/**
 * Null when the cluster could hold the store, otherwise the figures in words. Where a pod finds its place, and whether a
 * node is added for it, is the scheduler's business; this refuses only what can never be.
 */
export async function admit({ cluster }: Context, plan: StorePlan): Promise<string | null> {
  const nodes = await cluster.core.listNode().then(
    ({ items }) => items,
    (error: unknown) => {
      // Without the right to look, the scheduler alone says so.
      if (isKubeError(error, 403)) return null;
      throw error;
    },
  );
  return nodes && refusal(nodes, plan.process.memoryBytes);
}

export function refusal(nodes: readonly V1Node[], neededBytes: number): string | null {
  const usable = nodes.filter(takesPods);
  if (usable.length === 0) return `None of the cluster's ${nodes.length} nodes is ready to take a shop.`;
  const memory = usable.reduce((sum, { status }) => sum + quantity(status?.allocatable?.['memory']), 0);
  if (memory >= neededBytes) return null;
  return (
    `There is not enough memory for another shop: it needs ${inWords(neededBytes)}, ` +
    `and the cluster's nodes have ${inWords(memory)} in all, free or not.`
  );
}

function takesPods({ spec, status }: V1Node): boolean {
  const ready = status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
  return ready && spec?.unschedulable !== true;
}
