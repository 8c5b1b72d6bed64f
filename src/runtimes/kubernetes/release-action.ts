import type { Revision } from './revisions.ts';
import type { Wanted } from './values.ts';

/** What Helm has to do next, so that the release is as wanted. */
export type ReleaseAction =
  | { do: 'nothing' }
  /** There is none, or the last try of one has failed, or it is not the wanted one. */
  | { do: 'upgrade' }
  /** This revision was as wanted: its chart, its images and its values are put back together. */
  | { do: 'rollback'; to: Revision }
  /** Whoever was at it has died: what it has noted is forgotten, and then decided anew. */
  | { do: 'unlock'; revision: Revision }
  | { do: 'uninstall' };

/**
 * Decides from the history alone. `strayed` means that what runs is not what the release says, such as after a halt.
 * Whoever asks holds the store's only lock, so a pending revision is a dead one.
 */
export function decideRelease(
  revisions: readonly Revision[],
  wanted: Pick<Wanted, 'version' | 'hash'>,
  strayed: boolean,
): ReleaseAction {
  const last = revisions.at(-1);
  if (last === undefined) return { do: 'upgrade' };
  if (last.status.startsWith('pending-')) return { do: 'unlock', revision: last };
  if (last.status === 'uninstalling') return { do: 'uninstall' };
  if (isDeployed(revisions, wanted) && !strayed) return { do: 'nothing' };
  const to = revisions.findLast((one) => isAsWanted(one, wanted) && hasRun(one));
  return to ? { do: 'rollback', to } : { do: 'upgrade' };
}

/** True when the newest revision is the wanted one and has been applied. */
export function isDeployed(revisions: readonly Revision[], wanted: Pick<Wanted, 'version' | 'hash'>): boolean {
  const last = revisions.at(-1);
  return last !== undefined && last.status === 'deployed' && isAsWanted(last, wanted);
}

function isAsWanted({ version, hash }: Revision, wanted: Pick<Wanted, 'version' | 'hash'>): boolean {
  return version === wanted.version && hash === wanted.hash;
}

function hasRun({ status }: Revision): boolean {
  return status === 'deployed' || status === 'superseded';
}
