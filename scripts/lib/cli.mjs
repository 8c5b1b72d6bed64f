import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from './checkout.mjs';

/** Runs our own command line against the platform at `url`, its progress on our standard error; resolves to its output. */
export function cli(url, args) {
  return new Promise((resolve, reject) => {
    const command = [join(checkout, 'bin/store-platform.mjs'), ...args];
    const env = { ...process.env, STORE_PLATFORM_URL: url };
    const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`store-platform ${args[0]} has failed (exit code ${code})`)),
    );
  });
}

export async function cliJson(url, args) {
  return JSON.parse(await cli(url, [...args, '--json']));
}
