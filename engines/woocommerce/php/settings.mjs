import { Complaint } from './arguments.mjs';

/** Where our own few PHP files lie in the interpreter's own file system; nothing of the host is there. */
export const OWN_FOLDER = '/internal/php';

/**
 * What differs from PHP's own defaults. The lock file of opcache must not lie on the host: it has a name that every
 * store of the machine would share. This build can't compile to machine code (jit). The one optimisation that is left
 * out (data flow, 0x20) costs more at the first page than it saves at the next thousand. The code of a shop does not
 * change under it, and every look at a file's time costs more here than elsewhere.
 */
const BASE = [
  ['memory_limit', '256M'],
  ['upload_max_filesize', '64M'],
  ['post_max_size', '64M'],
  ['log_errors', '1'],
  ['html_errors', '0'],
  ['realpath_cache_size', '4M'],
  ['opcache.jit', '0'],
  ['opcache.optimization_level', '0x7FFEBFDF'],
  ['opcache.revalidate_freq', '60'],
  ['opcache.lockfile_path', OWN_FOLDER],
  ['opcache.max_accelerated_files', '10000'],
  ['opcache.memory_consumption', '128'],
  ['opcache.interned_strings_buffer', '16'],
];

/**
 * `open_basedir` is kept by mounting those folders alone (mounts.mjs). Set in PHP as well, it would look at every folder
 * on the way to every file, which takes half of a page's time here.
 */
const ENFORCED_ELSEWHERE = new Set(['open_basedir', 'auto_prepend_file']);

/**
 * The php.ini of a web server: `settings` from the command line win over ours.
 * @returns text, one `name=value` a line
 * @throws {Complaint} when a value has a line break, which php.ini can't hold
 */
export function serverSettings(settings, temporary) {
  const ours = [...BASE, ['opcache.enable', '1'], ['opcache.enable_cli', '1'], ...temporaryFolder(temporary)];
  const theirs = settings.filter(([name]) => !ENFORCED_ELSEWHERE.has(name));
  return iniText([...ours, ...theirs, ['auto_prepend_file', `${OWN_FOLDER}/before.php`]]);
}

/** The php.ini of a script on the command line, where PHP reads `-d` itself. */
export function scriptSettings(temporary) {
  return iniText([...BASE, ['display_errors', '1'], ...temporaryFolder(temporary)]);
}

function temporaryFolder(folder) {
  return folder ? [['sys_temp_dir', folder]] : [];
}

function iniText(settings) {
  return settings.map(([name, value]) => `${name}=${quoted(name, value)}\n`).join('');
}

/** As `php -d` does it: a value that begins with a letter or digit stays bare, so that `E_ALL` remains a constant. */
function quoted(name, value) {
  if (/[\r\n\0]/.test(value)) throw new Complaint(`The setting ${name} has a line break.`);
  return /^(?:[A-Za-z0-9"']|$)/.test(value) ? value : `"${value}"`;
}
