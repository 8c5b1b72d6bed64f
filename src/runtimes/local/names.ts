import { createHash } from 'node:crypto';

const POSTGRESQL_LIMIT = 63; // bytes in an identifier; longer ones would be cut without a word

/** Names of one store's database in its three states, and of its role. They say whose they are without a look-up. */
export interface DatabaseNames {
  live: string;
  /** A copy from before a purchase. */
  checkpoint: string;
  /** The database that a checkpoint has replaced, until it is dropped. */
  dirty: string;
  role: string;
}

/** `sp_<installation>_`: everything on the database server that may be ours begins so. */
export function prefixOf(installationId: string): string {
  return `sp_${hex(installationId).slice(0, 8)}_`;
}

export function databaseNames(installationId: string, storeId: string): DatabaseNames {
  const live = prefixOf(installationId) + hex(storeId);
  return { live, checkpoint: `${live}_checkpoint`, dirty: `${live}_dirty`, role: live };
}

/** The store that a database or role was made for, or null where the name is none of this installation's stores. */
export function storeIdOfName(installationId: string, name: string): string | null {
  const prefix = prefixOf(installationId);
  const match = name.startsWith(prefix)
    ? /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})(_checkpoint|_dirty)?$/.exec(
        name.slice(prefix.length),
      )
    : null;
  return match ? match.slice(1, 6).join('-') : null;
}

/** The template database of an engine's version, and the role that its tables belong to until a store is cloned. */
export function templateName(installationId: string, engine: string, version: string): string {
  const plain = `${prefixOf(installationId)}tpl_${engine}_${version}`;
  const safe = plain.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');
  if (safe === plain && safe.length <= POSTGRESQL_LIMIT) return safe;
  // Two versions must never share a name, whatever was replaced or cut.
  const tail = `_${createHash('sha256').update(plain).digest('hex').slice(0, 8)}`;
  return safe.slice(0, POSTGRESQL_LIMIT - tail.length) + tail;
}

function hex(uuid: string): string {
  const digits = uuid.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) throw new Error(`not a UUID: ${uuid}`);
  return digits;
}
