import { answer, type Api } from '../client.ts';
import { CliError } from '../errors.ts';
import { missing, note, ok, type Check } from './check.ts';

/** Whether a platform answers at `url`, and whether it is well. */
export async function checkReachable(url: string, local: boolean): Promise<{ running: boolean; check: Check }> {
  const answered = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5000) }).catch(() => null);
  const body = answered && ((await answered.json().catch(() => null)) as { status?: unknown } | null);
  if (!answered || !body?.status) {
    const check = local
      ? note('Platform', `not running at ${url}`, 'npm start')
      : missing('Platform', `nothing answers at ${url}`, 'check STORE_PLATFORM_URL');
    return { running: false, check };
  }
  if (answered.ok) return { running: true, check: ok('Platform', `ready at ${url}`) };
  return { running: true, check: missing('Platform', `runs at ${url}, but is not ready`, `curl ${url}/health/ready`) };
}

export async function checkToken({ client }: Api): Promise<Check> {
  try {
    const me = await answer(client.GET('/api/v1/me'));
    return ok('Key', `signed in as ${me.user.email} (${me.user.role})`);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    if (error.exitCode !== 4) return missing('Key', error.message, 'store-platform doctor');
    return missing('Key', 'not accepted', 'STORE_PLATFORM_TOKEN=<an API key> store-platform list');
  }
}

/** One line for each kind of shop. What is not prepared yet is prepared with the first shop of its kind. */
export async function checkEngines({ client }: Api): Promise<Check[]> {
  const { engines } = await answer(client.GET('/api/v1/engines'));
  return engines.map((engine): Check => {
    const { name, preparation } = engine;
    const label = `Engine ${name}`;
    if (preparation?.status === 'ready') return ok(label, `version ${engine.version ?? '?'} is prepared`);
    if (preparation?.status === 'running') {
      return ok(label, `is being prepared: ${preparation.phase ?? ''} ${Math.round(preparation.fraction * 100)} %`);
    }
    const create = `store-platform create "First shop" --engine ${name} --wait`;
    if (preparation?.status === 'failed')
      return note(label, `its preparation failed: ${preparation.message ?? ''}`, create);
    return note(label, 'not prepared yet; the first shop of its kind takes some minutes longer', create);
  });
}
