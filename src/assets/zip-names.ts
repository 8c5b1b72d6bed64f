/** No file system takes more in one name, and none that matters takes longer paths from here on. */
const [LONGEST_NAME, LONGEST_PATH] = [255, 1024];

/**
 * A check of a zip's names, one after the other, in order. It says what is wrong with a name, as the end of a sentence,
 * or null. What passes lies below `folder` and nowhere else, on any system, and overwrites nothing that passed before.
 */
export function makeNameCheck(folder: string): (name: string) => string | null {
  const kinds = new Map<string, 'file' | 'folder' | 'parent'>();
  return (name) => formProblem(name, folder) ?? clash(name, kinds);
}

function formProblem(name: string, folder: string): string | null {
  if (/\p{Cc}/u.test(name)) return 'has a control character in its name';
  if (name.includes('\\')) return 'has a backslash in its name';
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'has an absolute path';
  const segments = (name.endsWith('/') ? name.slice(0, -1) : name).split('/');
  if (segments.includes('..')) return 'leads out of its folder';
  if (segments.some((segment) => segment === '' || segment === '.')) return 'has no plain path';
  if (segments[0] !== folder || (segments.length === 1 && !name.endsWith('/'))) return `is not in the folder ${folder}`;
  const tooLong =
    Buffer.byteLength(name) > LONGEST_PATH || segments.some((part) => Buffer.byteLength(part) > LONGEST_NAME);
  return tooLong ? 'has too long a name' : null;
}

/** Names that differ only by case, or by how an accent is written, are one file on some systems. */
function clash(name: string, kinds: Map<string, 'file' | 'folder' | 'parent'>): string | null {
  const isFolder = name.endsWith('/');
  const segments = (isFolder ? name.slice(0, -1) : name).normalize('NFC').toLowerCase().split('/');
  const key = segments.join('/');
  const before = kinds.get(key);
  if (before !== undefined && !(isFolder && before === 'parent')) return 'is there twice';
  kinds.set(key, isFolder ? 'folder' : 'file');
  for (let depth = segments.length - 1; depth > 0; depth -= 1) {
    const parent = segments.slice(0, depth).join('/');
    const kind = kinds.get(parent);
    if (kind === 'file') return 'lies below a file';
    if (kind !== undefined) break;
    kinds.set(parent, 'parent');
  }
  return null;
}
