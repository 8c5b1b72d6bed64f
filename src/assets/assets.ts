import type { Logger } from 'pino';
import { TerminalError } from '../errors.ts';
import type { Asset, AssetFile } from './asset.ts';
import { FetchFailure } from './failures.ts';
import { LIMITS, type Limits } from './limits.ts';
import { obtain } from './obtain.ts';
import { cannotBeHad } from './words.ts';
import { makeShare } from './share.ts';

export type { AssetFile } from './asset.ts';

export interface AssetsOptions {
  /** Where they lie and are kept; made when it is missing and something is to be fetched. */
  folder: string;
  /** Where they are published, without credentials. */
  baseUrl: string;
  /** Of the platform that fetches; matters only where platforms share the folder: it keeps their parts apart. */
  home?: string;
  log?: Pick<Logger, 'info' | 'warn'>;
  /** Only tests are less patient. */
  limits?: Partial<Limits>;
}

type OnProgress = (fraction: number) => void;

/** The downloads that are no packages. What lies in the folder is used as it is; what does not is fetched once. */
export interface Assets {
  /**
   * Resolves with the files in their order, fetched and verified where they were not there. Callers at the same time
   * share one download. `onProgress` hears fractions from 0 to 1. Rejects with the signal's reason, or with one
   * TerminalError in words for people: all that can't be had and why, and which file to put where.
   */
  ensureAll(assets: readonly Asset[], onProgress: OnProgress, signal: AbortSignal): Promise<AssetFile[]>;
}

export function createAssets({ folder, baseUrl, home, log, limits }: AssetsOptions): Assets {
  const source = { folder, baseUrl, home, log, limits: { ...LIMITS, ...limits } };
  const share = makeShare<AssetFile>();
  const one = (asset: Asset, onProgress: OnProgress, signal: AbortSignal) =>
    share(asset.file, (report, stop) => obtain(source, asset, report, stop), onProgress, signal);

  async function ensureAll(
    assets: readonly Asset[],
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<AssetFile[]> {
    const fractions = assets.map(() => 0);
    const report = (n: number, fraction: number) => {
      fractions[n] = fraction;
      onProgress(fractions.reduce((sum, part) => sum + part, 0) / assets.length);
    };
    const results = await Promise.allSettled(
      assets.map((asset, n) => one(asset, (fraction) => report(n, fraction), signal)),
    );
    signal.throwIfAborted();
    const failures = results.flatMap((result, n) => {
      const asset = assets[n];
      return asset && result.status === 'rejected' ? [{ asset, error: result.reason as unknown }] : [];
    });
    if (failures.length > 0) throw inOneMessage(failures, folder, baseUrl);
    return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  return { ensureAll };
}

function inOneMessage(failures: { asset: Asset; error: unknown }[], folder: string, baseUrl: string): unknown {
  // What is no failure to fetch says itself what to do, or is a fault of ours.
  const other = failures.find(({ error }) => !(error instanceof FetchFailure));
  if (other) return other.error;
  const reasons = failures.map(({ asset, error }) => ({ asset, reason: (error as FetchFailure).message }));
  return new TerminalError(cannotBeHad(reasons, folder, baseUrl), { cause: failures[0]?.error });
}
