import { createInterface } from 'node:readline';
import type { V1Pod } from '@kubernetes/client-node';
import type { StoreRef } from '../runtime.ts';
import type { Context } from './context.ts';
import { isKubeError } from './failures.ts';
import { COMPONENT, CONTAINER } from './names.ts';
import { until } from './watching.ts';

export interface LogOptions {
  tail: number;
  follow: boolean;
  signal: AbortSignal;
}

interface Line {
  /** When the container said it, as RFC 3339 with nanoseconds: such texts sort as their times do. */
  at: string;
  text: string;
}

/**
 * The output of a store's newest server as lines: its last `tail` ones and then, with `follow`, what comes, also from
 * the pods that take its place. Where it stands now is settled when this resolves; what is said after that is followed.
 */
export async function readLog(context: Context, ref: StoreRef, options: LogOptions): Promise<AsyncIterable<string>> {
  const { namespace } = ref;
  const pod = await newestServer(context, namespace);
  const known = pod ? await lastLines(context, namespace, pod, Math.max(options.tail, 1)) : [];
  const shown = options.tail === 0 ? [] : known;
  return options.follow ? follow(context, namespace, shown, known.at(-1)?.at ?? '', options.signal) : lines(shown);
}

async function* lines(known: readonly Line[]): AsyncGenerator<string> {
  if (known.length > 0) yield known.map(({ text }) => `${text}\n`).join('');
}

async function* follow(
  context: Context,
  namespace: string,
  known: readonly Line[],
  since: string,
  caller: AbortSignal,
): AsyncGenerator<string> {
  const signal = AbortSignal.any([caller, context.stopped]);
  yield* lines(known);
  let last = since;
  let done: string | null = null;
  while (!signal.aborted) {
    try {
      const { pod, life } = await nextLife(context, namespace, done, signal);
      for await (const line of followLife(context, namespace, pod, last, signal)) {
        last = line.at;
        yield `${line.text}\n`;
      }
      done = life;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/** The newest server whose container has begun, as soon as that is another life than the one that is known. */
function nextLife(
  context: Context,
  namespace: string,
  known: string | null,
  signal: AbortSignal,
): Promise<{ pod: string; life: string }> {
  const watched = [{ path: `/api/v1/namespaces/${namespace}/pods` }];
  const look = async (): Promise<{ pod: string; life: string } | null> => {
    const pod = await newestServer(context, namespace);
    const container = pod?.status?.containerStatuses?.find(({ name }) => name === CONTAINER);
    const life = container?.containerID ?? '';
    const hasBegun = container?.state?.running !== undefined || container?.state?.terminated !== undefined;
    return hasBegun && life !== known ? { pod: pod?.metadata?.name ?? '', life } : null;
  };
  return until(context.cluster, watched, look, signal);
}

/** What one container says from a moment on. The server is asked by the second, so what is known already is left out. */
async function* followLife(
  { cluster }: Context,
  namespace: string,
  pod: string,
  since: string,
  signal: AbortSignal,
): AsyncGenerator<Line> {
  const query = { container: CONTAINER, follow: true, timestamps: true, ...(since && { sinceTime: since }) };
  const answer = await cluster.stream(pathOf(namespace, pod), query, signal);
  for await (const raw of createInterface({ input: answer })) {
    const line = parse(raw);
    if (line.at > since) yield line;
  }
}

async function lastLines({ cluster }: Context, namespace: string, pod: V1Pod, count: number): Promise<Line[]> {
  const query = { container: CONTAINER, timestamps: true, tailLines: count };
  const text = await cluster.get(pathOf(namespace, pod.metadata?.name ?? ''), query).catch((error: unknown) => {
    // Its container has not begun yet, so it has said nothing.
    if (isKubeError(error, 400) || isKubeError(error, 404)) return '';
    throw error;
  });
  return text.split('\n').filter(Boolean).map(parse);
}

async function newestServer({ cluster: { core } }: Context, namespace: string): Promise<V1Pod | null> {
  const pods = core.listNamespacedPod({ namespace, labelSelector: `${COMPONENT}=server` });
  const { items } = await pods.catch((error: unknown) => {
    // The API's account is let into stores' namespaces alone: this one is not there yet, or not any more.
    if (isKubeError(error, 403)) return { items: [] };
    throw error;
  });
  const byAge = items.toSorted((a, b) => Number(b.metadata?.creationTimestamp) - Number(a.metadata?.creationTimestamp));
  return byAge[0] ?? null;
}

function parse(raw: string): Line {
  const space = raw.indexOf(' ');
  return { at: raw.slice(0, space), text: raw.slice(space + 1) };
}

function pathOf(namespace: string, pod: string): string {
  return `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
}
