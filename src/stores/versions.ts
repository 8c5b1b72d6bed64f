import { next } from './status.ts';
import type { Store } from './store.ts';

/** How a store comes to another version of its engine: to the newest, or back to the one that it ran before. */
export type VersionChange = 'upgrade' | 'rollback';

/** Where a change of version leads, or why there is none now, in words for the store's owner. */
export type Verdict = { from: string; to: string } | { refusal: string };

/** An engine's versions, one for each way to run its stores. `Engine` fits. */
interface Versions {
  imageVersion: string;
  preparation: { version: string };
}

/** The version that a store is made with now: on Kubernetes an image's tag, on this machine what was prepared. */
export function currentVersion(runtime: 'local' | 'kubernetes', { imageVersion, preparation }: Versions): string {
  return runtime === 'kubernetes' ? imageVersion : preparation.version;
}

/** True while a store that is open is brought to another version. */
export function isChangingVersion({ status, upgradeFrom }: Pick<Store, 'status' | 'upgradeFrom'>): boolean {
  return status === 'ready' && upgradeFrom !== null;
}

type Known = Pick<Store, 'status' | 'engineVersion' | 'upgradeFrom' | 'previousVersion'>;

/**
 * Whether a store may be brought to another version now, and to which. `newest` is null where stores keep the version
 * that they were made with.
 */
export function judgeChange(change: VersionChange, store: Known, newest: string | null): Verdict {
  if (newest === null) {
    return refuse(
      'A shop on this machine keeps the version that it was made with. Upgrades come with RUNTIME=kubernetes.',
    );
  }
  if (next(store.status, change) === null) {
    return refuse(`That is not possible while the store is ${store.status}.`);
  }
  if (store.upgradeFrom !== null)
    return refuse('Its version is being changed already. Wait until that has come to its end.');
  const { engineVersion: from, previousVersion } = store;
  if (from === null) return refuse('It is not known which version it runs.');
  const to = change === 'upgrade' ? newest : previousVersion;
  if (to === null) return refuse('It has run no other version that it could go back to.');
  return to === from
    ? refuse(change === 'upgrade' ? 'It runs the newest version already.' : 'It runs that version already.')
    : { from, to };
}

function refuse(refusal: string): Verdict {
  return { refusal };
}
