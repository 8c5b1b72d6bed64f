import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { get, kubectl } from './kubectl.ts';

interface Decision {
  pod: string;
  storeId: string;
  /** `release` of `{do: 'apply', step: 'release'}`, otherwise what is done. */
  step: string;
}

/** Resolves as soon as a worker says, in its log at level debug, that it is about to do this step of a store. */
export async function untilDecided(namespace: string, storeId: string, step: string): Promise<Decision> {
  const which = ['-l', 'app.kubernetes.io/component=worker', '--max-log-requests=10', '--prefix', '--tail=200'];
  const logs = execa('kubectl', ['logs', '-f', '-n', namespace, ...which], { reject: false, buffer: false });
  try {
    for await (const line of createInterface({ input: logs.stdout })) {
      const decision = parse(line);
      if (decision?.storeId === storeId && decision.step === step) return decision;
    }
  } finally {
    logs.kill();
  }
  throw new Error(`the workers' logs ended before ${step} of ${storeId}`);
}

function parse(line: string): Decision | null {
  const [, pod, text] = /^\[pod\/([^/]+)\/[^\]]+\] (\{.*)$/.exec(line) ?? [];
  if (pod === undefined || text === undefined || !text.includes('"Decided"')) return null;
  const { storeId, action } = JSON.parse(text) as { storeId: string; action: { do: string; step?: string } };
  return { pod, storeId, step: action.do === 'apply' ? (action.step ?? '') : action.do };
}

/**
 * `kill -9` of everything in a pod. Where the node is another machine, a deletion without grace, which is as near to it
 * as the API gets.
 */
export async function killPod(namespace: string, pod: string): Promise<void> {
  const { metadata } = await get('pod', '-n', namespace, pod);
  const pids = await processesOf(metadata.uid);
  for (const pid of pids) kill(pid);
  if (pids.length === 0) await kubectl('delete', 'pod', '-n', namespace, pod, '--grace-period=0', '--force');
}

/** Processes of this machine whose control group bears the pod's id. */
async function processesOf(uid: string): Promise<number[]> {
  const forms = [uid, uid.replaceAll('-', '_')];
  const all = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    all.map(async (pid) => {
      const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
      return forms.some((form) => groups.includes(form)) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
