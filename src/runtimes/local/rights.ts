import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * `chmod -R` or `chown -R`: a prepared engine has tens of thousands of files. In a group of its own, because a Ctrl-C is
 * meant for the platform, which ends what it has begun in its own order. Rejects with what the program said.
 */
export async function changeRights(program: 'chmod' | 'chown', rights: string, folder: string): Promise<void> {
  const child = spawn(program, ['-R', rights, folder], { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ${rights} failed: ${said.trim().slice(0, 500)}`);
}
