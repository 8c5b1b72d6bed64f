import { realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The interpreter's own places, which a folder of the host must not cover. */
const RESERVED = ['/internal', '/dev', '/proc', '/request'];

/**
 * The folders of the host that PHP sees, at the same paths: those of `open_basedir`, or without it those that the
 * command line and the environment name; and that of temporary files. Everything else of the host does not exist for
 * PHP, whatever it tries.
 *
 * @returns absolute folders, none inside another; what does not exist is left out
 */
export function foldersToMount({ settings, files = [], folders = [], env }, isFolder = isFolderOnDisk) {
  const baseDirs = settings.filter(([name]) => name === 'open_basedir').flatMap(([, value]) => value.split(':'));
  const named = [...folders, ...files.map((file) => dirname(resolve(file))), env.STORE_DIR];
  const wanted = [...(baseDirs.some(Boolean) ? baseDirs : named), env.TMPDIR].filter(Boolean);
  const absolute = new Set(wanted.map((folder) => resolve(folder)));
  return outermost([...absolute].filter((folder) => isFree(folder) && isFolder(folder)));
}

function isFree(folder) {
  return folder !== '/' && !RESERVED.some((place) => folder === place || folder.startsWith(`${place}/`));
}

function outermost(folders) {
  return folders.filter((folder) => !folders.some((other) => other !== folder && folder.startsWith(`${other}/`)));
}

/** Also false for what may not be read: a mount of it would fail, and PHP could not use it either. */
function isFolderOnDisk(path) {
  try {
    return statSync(realpathSync(path)).isDirectory();
  } catch {
    return false;
  }
}
