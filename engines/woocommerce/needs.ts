import type { Asset } from '../../src/assets/asset.ts';

/** What WooCommerce shops need of a machine. Facts alone: whoever looks at the machine is elsewhere. */
const WORDPRESS = '6.9.7';
/** Needs WordPress 6.8 or later. */
export const WOOCOMMERCE = '10.7.0';

export const WORDPRESS_ASSET: Asset = {
  file: `wordpress-${WORDPRESS}.zip`,
  title: `WordPress ${WORDPRESS}`,
  url: `release/wordpress-${WORDPRESS}.zip`,
  checksums: { kind: 'sha1', url: `release/wordpress-${WORDPRESS}.zip.sha1` },
  folder: 'wordpress',
};

export const WOOCOMMERCE_ASSET: Asset = {
  file: `woocommerce.${WOOCOMMERCE}.zip`,
  title: `WooCommerce ${WOOCOMMERCE}`,
  url: `plugin/woocommerce.${WOOCOMMERCE}.zip`,
  checksums: { kind: 'files', url: `plugin-checksums/woocommerce/${WOOCOMMERCE}.json` },
  folder: 'woocommerce',
};

/** Where both are published. */
export const DOWNLOADS_URL = 'https://downloads.wordpress.org';

const PHP_MIN = [8, 1] as const;

/** Without these a shop does not work, or shows and sells less. All but the first two are WordPress's and WooCommerce's own. */
const NEEDED = [
  'pdo_sqlite',
  'sqlite3',
  'ctype',
  'curl',
  'dom',
  'fileinfo',
  'gd',
  'mbstring',
  'simplexml',
  'xml',
  'xmlreader',
  'zip', // the SQLite driver comes as one
];

/** What a shop does without, and how it shows. */
const WELCOME: Readonly<Record<string, string>> = {
  opcache: 'every page takes several times as long',
  intl: 'lists in other languages are not sorted as people expect',
  exif: 'photos may lie on their side',
};

/** On Debian and Ubuntu. opcache comes along. */
export const INSTALL_PHP = 'apt-get install php-cli php-sqlite3 php-mbstring php-gd php-xml php-curl php-intl php-zip';

/** What is done where this machine's PHP is not good enough; the end of a sentence. */
export const INSTEAD = "npm's is used instead, which is two to three times slower";

/** PHP code that prints what `judgePhp` reads; in a line of its own, because PHP prints warnings there too. */
export const PHP_FACTS = 'echo "\n", json_encode([PHP_VERSION, get_loaded_extensions()]), "\n";';

export interface PhpVerdict {
  /** Whether shops can run on it. */
  good: boolean;
  /** Null where it can't be run or understood. */
  version: string | null;
  /** What is wrong, or could be better, without a full stop; null where nothing is. */
  problem: string | null;
  /** The same with what to do about it, for an operator. */
  advice: string | null;
}

/** Judges a PHP by what it printed of itself; null where there is none, or it can't be run. */
export function judgePhp(printed: string | null): PhpVerdict {
  const facts = printed === null ? null : readFacts(printed);
  if (!facts) return verdict(false, null, 'There is no PHP that can be run');
  const { version, extensions } = facts;
  if (isOld(version)) return verdict(false, version, `PHP ${version} is older than ${PHP_MIN.join('.')}`);
  const lacking = NEEDED.filter((name) => !extensions.has(name));
  if (lacking.length > 0) return verdict(false, version, `PHP ${version} lacks ${lacking.join(', ')}`);
  const without = Object.keys(WELCOME).filter((name) => !extensions.has(name));
  const effects = without.map((name) => `${name} (${WELCOME[name]})`).join(', ');
  return verdict(true, version, without.length > 0 ? `PHP ${version} lacks ${effects}` : null);
}

function verdict(good: boolean, version: string | null, problem: string | null): PhpVerdict {
  const gain = good
    ? ''
    : ` WooCommerce shops are two to three times faster with a PHP of this machine, ${PHP_MIN.join('.')} or later.`;
  return { good, version, problem, advice: problem && `${problem}.${gain} On Debian or Ubuntu: ${INSTALL_PHP}` };
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < PHP_MIN[0] || (major === PHP_MIN[0] && minor < PHP_MIN[1]);
}

function readFacts(printed: string): { version: string; extensions: ReadonlySet<string> } | null {
  for (const line of printed.split('\n')) {
    try {
      const [version, extensions] = JSON.parse(line) as [string, string[]];
      return { version, extensions: new Set(extensions.map((name) => name.toLowerCase().replace('zend ', ''))) };
    } catch {
      // not this line
    }
  }
  return null;
}
