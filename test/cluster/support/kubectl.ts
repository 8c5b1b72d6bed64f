import { execa } from 'execa';

/** What kubectl prints; rejects with what it says on stderr. */
export async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await execa('kubectl', args, { maxBuffer: 50_000_000 });
  return stdout;
}

/** Objects as JSON, such as `get('-n', namespace, 'pods', '-l', 'a=b')`. */
export async function get<T = any>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl('get', ...args, '-o', 'json')) as T;
}

export async function helm(...args: string[]): Promise<string> {
  const { stdout } = await execa('helm', args, { maxBuffer: 50_000_000 });
  return stdout;
}

/** Makes or changes what the manifest says. */
export async function apply(manifest: object): Promise<void> {
  await execa('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(manifest) });
}
