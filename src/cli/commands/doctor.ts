import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { Check } from '../doctor/check.ts';
import { checkDisk, checkHome, checkMemory, checkNode } from '../doctor/machine.ts';
import { checkEngines, checkReachable, checkToken } from '../doctor/platform.ts';
import { checkPort } from '../doctor/port.ts';
import { checkAssets, checkPhp } from '../doctor/woocommerce.ts';
import type { Colour } from '../output.ts';

const MARKS: Record<Check['status'], { mark: string; colour: Colour }> = {
  ok: { mark: 'ok', colour: 'green' },
  note: { mark: 'note', colour: 'yellow' },
  missing: { mark: 'missing', colour: 'red' },
};

/** `doctor`: what this machine and the platform lack, each with the one command that mends it. */
export async function doctor(context: Context): Promise<void> {
  const { output } = context;
  const checks = await examine(context);
  const required = checks.filter((check) => check.status === 'missing');
  output.document({ ok: required.length === 0, checks }, () =>
    checks
      .map(({ name, status, message, remedy }) => {
        const { mark, colour } = MARKS[status];
        const line = `${output.paint(colour, mark.padEnd(8))} ${name.padEnd(18)} ${message}`;
        return remedy ? `${line}\n${' '.repeat(28)}${output.paint('dim', remedy)}` : line;
      })
      .join('\n'),
  );
  if (required.length > 0)
    throw new CliError(`Something that is needed is missing: ${required.map(({ name }) => name).join(', ')}`);
}

async function examine({ settings, api }: Context): Promise<Check[]> {
  const { url, local, home, assets, assetsUrl, php } = settings;
  const { running, check } = await checkReachable(url, local);
  const machine = [
    checkNode(),
    checkPhp(php),
    checkHome(home),
    checkDisk(home),
    checkMemory(),
    checkAssets(assets, assetsUrl),
    checkPort(url, running),
  ];
  const token = running ? await checkToken(api) : null;
  const engines = token?.status === 'ok' ? await checkEngines(api) : [];
  return [...(local ? await Promise.all(machine) : []), check, ...(token ? [token] : []), ...engines];
}
