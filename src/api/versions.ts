import { currentVersion, judgeChange, type Verdict, type VersionChange } from '../stores/versions.ts';
import type { Store } from '../stores/store.ts';
import type { Deps } from './deps.ts';

/** Whether a store may be upgraded or rolled back where this platform runs its stores, and to which version. */
export function judgeHere(change: VersionChange, store: Store, { config, engines }: Deps): Verdict {
  const newest = config.RUNTIME === 'local' ? null : currentVersion(config.RUNTIME, engines[store.engine]);
  return judgeChange(change, store, newest);
}
