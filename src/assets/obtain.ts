import type { Logger } from 'pino';
import type { Asset, AssetFile } from './asset.ts';
import { fetchChecksums } from './checksums.ts';
import { download } from './download.ts';
import { FetchFailure, toFailure } from './failures.ts';
import { makeOpenFolder } from './files.ts';
import type { Limits } from './limits.ts';
import { discardPart, partPath } from './part.ts';
import { onShelf, putOnShelf } from './shelf.ts';
import { verify } from './verify.ts';
import { addressOf } from './words.ts';

export interface Source {
  folder: string;
  home: string | undefined;
  baseUrl: string;
  log: Pick<Logger, 'info' | 'warn'> | undefined;
  limits: Limits;
}

type OnProgress = (fraction: number) => void;

/**
 * The file in the folder, fetched where it is not there. What fails its verification is fetched once more from the
 * start. Rejects with FetchFailure; but an operator's file that has come by then is as good.
 */
export async function obtain(
  source: Source,
  asset: Asset,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<AssetFile> {
  const there = await onShelf(source.folder, asset.file);
  const file = there ?? (await fetchTwice(source, asset, onProgress, signal));
  onProgress(1);
  return file;
}

async function fetchTwice(
  source: Source,
  asset: Asset,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<AssetFile> {
  const { folder, log } = source;
  let wrong = '';
  for (let round = 1; round <= 2; round += 1) {
    try {
      const problem = await fetchOnce(source, asset, onProgress, signal);
      const file = await onShelf(folder, asset.file);
      if (file) return file;
      wrong = problem ?? 'it was taken away';
      log?.warn({ asset: asset.file, problem: wrong }, 'a download is not what was published');
    } catch (error) {
      signal.throwIfAborted();
      const theirs = await onShelf(folder, asset.file);
      if (theirs) return theirs;
      throw toFailure(error);
    }
  }
  throw new FetchFailure(`what came is not what was published (${wrong})`, { again: false });
}

/** Resolves with what is wrong with what came, or with null when it has taken its place. */
async function fetchOnce(
  { folder, home, baseUrl, limits, log }: Source,
  asset: Asset,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<string | null> {
  const url = addressOf(baseUrl, asset.url);
  const part = partPath(folder, asset.file, home);
  const { kind } = asset.checksums;
  await makeOpenFolder(folder);
  log?.info({ asset: asset.file, url }, 'a download begins, or goes on');
  const published = await fetchChecksums(kind, addressOf(baseUrl, asset.checksums.url), { limits, signal });
  const onRetry = ({ message }: FetchFailure) =>
    log?.warn({ asset: asset.file, problem: message }, 'a download is tried again');
  await download(url, part, { limits, signal, onProgress, onRetry });
  const problem = await verify(part, { folder: asset.folder, published, signal });
  if (problem === null) await putOnShelf(folder, asset.file, part);
  await discardPart(part);
  return problem;
}
