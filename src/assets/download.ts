import { persist } from './persist.ts';
import type { FetchFailure } from './failures.ts';
import type { Limits } from './limits.ts';
import { transfer } from './transfer.ts';

export interface DownloadOptions {
  limits: Limits;
  signal: AbortSignal;
  /** From 0 to 1; never less than before, though a server may have begun again. */
  onProgress: (fraction: number) => void;
  onRetry: (failure: FetchFailure) => void;
}

/** Brings `url` into the file `path` by as many tries as it takes, as long as they bring something. */
export async function download(url: string, path: string, options: DownloadOptions): Promise<void> {
  const { limits, signal, onProgress, onRetry } = options;
  let [most, before] = [0, 0];
  const onBytes = (bytes: number, total: number | null) => {
    most = Math.max(most, bytes);
    if (total) onProgress(Math.min(1, most / total));
  };
  // A server that always begins again and always breaks off at the same place is not going on.
  const advanced = () => most > before && ((before = most), true);
  await persist(
    () => transfer(url, path, { stallMs: limits.stallMs, signal, onBytes }),
    { limits, signal, advanced },
    onRetry,
  );
}
