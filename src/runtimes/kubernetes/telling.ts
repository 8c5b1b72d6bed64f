import type { CoreV1Event } from '@kubernetes/client-node';
import { lastWordsOf } from '../words.ts';
import type { Cluster } from './client.ts';
import type { Inside } from './facts.ts';
import type { Trouble } from './pod-trouble.ts';
import { findTrouble } from './trouble.ts';

const LINES = 5;
const CHARACTERS = 600;

/** What keeps a store from coming up, with the last words of whoever has failed. */
export async function troubleOf(
  cluster: Cluster,
  namespace: string,
  inside: Inside,
): Promise<{ message: string; terminal: boolean } | null> {
  const found = findTrouble(inside, await listWarnings(cluster, namespace));
  return found && inFull(cluster, namespace, found);
}

export async function inFull(
  cluster: Cluster,
  namespace: string,
  { message, terminal, where }: Trouble,
): Promise<{ message: string; terminal: boolean }> {
  const words = where === undefined ? '' : await lastWords(cluster, namespace, where);
  return { message: message + words, terminal };
}

export async function listWarnings({ core }: Cluster, namespace: string): Promise<CoreV1Event[]> {
  return (await core.listNamespacedEvent({ namespace, fieldSelector: 'type=Warning' })).items;
}

/** The end of a container's output; nothing where it can't be had, for it only adds to what is known. */
async function lastWords(
  cluster: Cluster,
  namespace: string,
  { pod, container, previous }: NonNullable<Trouble['where']>,
): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
  const text = await cluster.get(path, { container, previous, tailLines: LINES }).catch(() => '');
  return lastWordsOf(text.split('\n'), CHARACTERS);
}
