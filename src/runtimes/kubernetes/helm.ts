import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, ExecaError } from 'execa';
import { errorText } from '../../errors.ts';
import { helmFailure } from './helm-failure.ts';

/** Applying takes a second or two; Helm does not wait for what it has applied. */
const LIMIT_MS = 120_000;
/** On abort it may write down that it was ended; what it can't in this time is mended by whoever comes next. */
const GRACE_MS = 250;
/** The end of what it says is kept; the rest is for nobody. */
const OUTPUT_LIMIT = 16_384;
/** `--labels`, by which a revision is known again, came with it. */
const OLDEST = [3, 13] as const;

/** What of the platform's own environment Helm needs to find the cluster; nothing else goes along. */
const INHERITED = [
  'PATH',
  'HOME',
  'KUBECONFIG',
  'KUBERNETES_SERVICE_HOST',
  'KUBERNETES_SERVICE_PORT',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

export interface HelmOptions {
  program: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** A kubeconfig's content, where Helm can't find the cluster by the environment. */
  kubeconfig: string | null;
}

export interface Helm {
  /** Makes its folders. Rejects when there is no Helm that can be used, and says what to do. Resolves with its version. */
  start(): Promise<string>;
  /** Runs it with files of values that are gone afterwards. Rejects in words when it fails; on abort it is ended. */
  run(args: readonly string[], files: readonly string[], signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** The program `helm`, without a shell, in folders of its own that go with the platform. */
export function makeHelm({ program, environment, kubeconfig }: HelmOptions): Helm {
  let folder: string | null = null;

  async function home(): Promise<string> {
    if (folder !== null) return folder;
    const made = await mkdtemp(join(tmpdir(), 'store-platform-helm-')); // 0700
    await mkdir(join(made, 'cache'));
    if (kubeconfig !== null) await writeFile(join(made, 'kubeconfig'), kubeconfig, { mode: 0o600 });
    return (folder = made);
  }

  async function call(args: readonly string[], signal: AbortSignal): Promise<string> {
    const env = ownEnvironment(environment, await home(), kubeconfig !== null);
    return runHelm(program, args, env, signal);
  }

  return {
    async start() {
      const version = await call(['version', '--template', '{{.Version}}'], AbortSignal.timeout(LIMIT_MS)).catch(
        (error: unknown) => {
          throw new Error(`Helm can't be run as "${program}". Install Helm 3, or set HELM. (${errorText(error)})`, {
            cause: error,
          });
        },
      );
      refuseOld(version);
      return version;
    },
    async run(args, files, signal) {
      const own = await mkdtemp(join(await home(), 'values-'));
      try {
        const names = files.map((_, n) => join(own, `${n}.yaml`));
        for (const [n, name] of names.entries()) await writeFile(name, files[n] ?? '', { mode: 0o600 });
        signal.throwIfAborted();
        await call([...args, ...names.flatMap((name) => ['-f', name])], signal);
      } finally {
        await rm(own, { recursive: true, force: true });
      }
    },
    async stop() {
      if (folder !== null) await rm(folder, { recursive: true, force: true });
      folder = null;
    },
  };
}

/** Runs it to its end; resolves with what it printed. */
async function runHelm(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<string> {
  const child = execa(program, args, {
    env,
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    timeout: LIMIT_MS,
    cancelSignal: signal,
    forceKillAfterDelay: GRACE_MS,
  });
  const [stdout, stderr] = [lastOf(child.stdout), lastOf(child.stderr)];
  try {
    await child;
    return await stdout;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ExecaError) || error.code === 'ENOENT') throw error;
    const how = error.timedOut ? `no end after ${LIMIT_MS / 1000} s` : `exit code ${error.exitCode ?? 'none'}`;
    throw helmFailure(await stderr, how);
  }
}

/** The end of a stream; it is read to its end in any case, so that the program never waits for us. */
async function lastOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  try {
    for await (const chunk of stream) text = (text + String(chunk)).slice(-OUTPUT_LIMIT);
  } catch {
    // It was ended; what it said until then is all there is.
  }
  return text;
}

function ownEnvironment(
  platform: HelmOptions['environment'],
  folder: string,
  ownKubeconfig: boolean,
): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = platform[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    ...(ownKubeconfig && { KUBECONFIG: join(folder, 'kubeconfig') }),
    HELM_CACHE_HOME: join(folder, 'cache'),
    HELM_CONFIG_HOME: join(folder, 'config'),
    HELM_DATA_HOME: join(folder, 'data'),
    KUBECACHEDIR: join(folder, 'cache'),
  };
}

function refuseOld(version: string): void {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new Error(`Helm ${OLDEST.join('.')} or newer is needed, and ${version} is installed.`);
}
