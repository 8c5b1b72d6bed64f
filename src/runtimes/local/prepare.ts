import type { Preparation } from '../../../engines/engine.ts';
import type { PrepareProgress, Prepared } from '../runtime.ts';
import { inWords } from '../words.ts';
import { freeDisk } from './capacity.ts';
import { isPartReady, openPart, preparePart } from './prepare-part.ts';
import type { Part, PrepareOptions } from './prepare-part.ts';
import { trackProgress } from './progress.ts';

export async function isPrepared(options: PrepareOptions, engine: string, preparation: Preparation): Promise<boolean> {
  for (const part of await openParts(options, engine, preparation)) if (!(await isPartReady(part))) return false;
  return true;
}

/**
 * Makes a version of an engine ready to be cloned, part by part; goes on after the last phase that was finished.
 * Resolves with what every phase took, also those of an earlier try, and with the assets that went in.
 */
export async function prepare(
  options: PrepareOptions,
  engine: string,
  preparation: Preparation,
  onProgress: (progress: PrepareProgress) => void,
  signal: AbortSignal,
): Promise<Prepared> {
  const parts = await openParts(options, engine, preparation);
  if (!(await isPrepared(options, engine, preparation))) {
    if (parts.some(isUnfinished)) await refuseIfFull(options.home, preparation);
    const progress = trackProgress(
      preparation.parts.flatMap((part) => part.phases),
      onProgress,
    );
    for (const part of parts) await preparePart(part, progress, signal);
  }
  return {
    phases: parts.flatMap(({ phases, stamps }) =>
      phases.map(({ name }) => ({ phase: name, ms: stamps.phases[name] ?? 0 })),
    ),
    assets: parts.flatMap(({ stamps }) => stamps.assets ?? []),
  };
}

function openParts(options: PrepareOptions, engine: string, { version, parts }: Preparation): Promise<Part[]> {
  return Promise.all(parts.map((part) => openPart(options, engine, version, part)));
}

function isUnfinished({ phases, stamps }: Part): boolean {
  return !phases.every(({ name }) => name in stamps.phases);
}

async function refuseIfFull(home: string, { diskBytes }: Preparation): Promise<void> {
  const free = await freeDisk(home);
  if (free >= diskBytes) return;
  throw new Error(
    `There is not enough disk to prepare this kind of shop: it needs ${inWords(diskBytes)}, and ${inWords(free)} are free.`,
  );
}
