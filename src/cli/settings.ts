import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DOWNLOADS_URL } from '../../engines/woocommerce/needs.ts';
import { CliError } from './errors.ts';

/** Where the platform is and who we are there. */
export interface Settings {
  /** Without a trailing slash. */
  url: string;
  /** Null when there is none, in which case `tokenProblem` says why. */
  token: string | null;
  tokenProblem: string;
  /** This machine's own platform, and not a remote one, so that the machine itself is worth a look. */
  local: boolean;
  home: string;
  assets: string;
  /** Where assets are fetched from. */
  assetsUrl: string;
  /** The PHP that was asked for by name: a program's path, or `npm`. */
  php: string | null;
}

/** Reads STORE_PLATFORM_URL, _TOKEN, _HOME, _ASSETS, _ASSETS_URL, _PHP and PORT. Empty counts as unset. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const home = env['STORE_PLATFORM_HOME'] || defaultHome();
  const url = env['STORE_PLATFORM_URL'] || `http://127.0.0.1:${env['PORT'] || '3001'}`;
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new CliError(`STORE_PLATFORM_URL must be an address such as http://127.0.0.1:3001, not "${url}".`, 2);
  }
  return {
    url: url.replace(/\/+$/, ''),
    ...readToken(env['STORE_PLATFORM_TOKEN'], join(home, 'token')),
    local: !env['STORE_PLATFORM_URL'] || /^(127\.|localhost$|\[::1\]$)/.test(new URL(url).hostname),
    home,
    assets: env['STORE_PLATFORM_ASSETS'] || join(home, 'assets'),
    assetsUrl: env['STORE_PLATFORM_ASSETS_URL'] || DOWNLOADS_URL,
    php: env['STORE_PLATFORM_PHP'] || null,
  };
}

/** The platform's own default, which the CLI may not import: it could be installed without the platform. */
function defaultHome(): string {
  return process.getuid?.() === 0 ? '/var/lib/store-platform' : join(homedir(), '.store-platform');
}

function readToken(given: string | undefined, file: string): Pick<Settings, 'token' | 'tokenProblem'> {
  if (given) return { token: given.trim(), tokenProblem: 'The key in STORE_PLATFORM_TOKEN is not accepted' };
  try {
    return { token: readFileSync(file, 'utf8').trim(), tokenProblem: `The key in ${file} is not accepted` };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { token: null, tokenProblem: missing ? `There is no key in ${file}` : `The key in ${file} can't be read` };
  }
}
