import { randomBytes } from 'node:crypto';

const SHAPE = /^[a-zA-Z0-9-_ ]+$/;
const NAMESPACE_LIMIT = 63; // a Kubernetes namespace and a DNS label (RFC 1123)
const SUFFIX_LENGTH = 4;

/**
 * Why a name can't be used, in words for its owner, or null when it can (API-6).
 * Expects the name already trimmed.
 */
export function nameProblem(name: string): string | null {
  if (name.length < 3) return 'must have at least 3 characters';
  if (name.length > 255) return 'must have at most 255 characters';
  if (!SHAPE.test(name)) return 'may hold only letters, digits, spaces, hyphens and underscores';
  if (!/[a-zA-Z0-9]/.test(name)) return 'must hold at least one letter or digit';
  return null;
}

/**
 * The store's address label: the name in lower case, cut, and four random hex digits, such as `tea-house-7f3a`.
 * Names need not be unique, slugs must be: the caller tries again with another when one is taken.
 */
export function makeSlug(name: string, suffix = randomBytes(SUFFIX_LENGTH / 2).toString('hex')): string {
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return `${words}-${suffix}`;
}

/** `store-{slug}-{id}`, at most 63 characters (KUB-2); the part of the id keeps it unique for ever. */
export function makeNamespace(slug: string, id: string): string {
  const tail = `-${id.slice(0, 8)}`;
  return `store-${slug}`.slice(0, NAMESPACE_LIMIT - tail.length).replace(/-+$/, '') + tail;
}
