import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import type { Preparation, PreparePhase } from '../../../engines/engine.ts';
import { TerminalError } from '../../errors.ts';
import type { PrepareProgress } from '../runtime.ts';
import type { Accounts } from './accounts.ts';
import { freeDisk, inWords } from './capacity.ts';
import { runCommand } from './command.ts';
import { prepareEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';
import { closedToOthers, writeWhole } from './folders.ts';
import { templateName } from './names.ts';
import { trackProgress } from './progress.ts';
import type { DatabaseServer } from './server.ts';
import { beginTemplate, isTemplateReady, lockTemplate } from './template.ts';

const run = promisify(execFile);

export interface PrepareOptions {
  home: string;
  installationId: string;
  environment: Environment;
  accounts: Accounts | null;
  server: DatabaseServer;
  log: Logger;
}

/** How far a version has come: written after each phase, read when it is begun again. */
interface Stamps {
  phases: Record<string, number>;
  sealed: boolean;
}

/** The prepared files of an engine's version: read-only, shared by all its stores. */
export function engineFolder(home: string, engine: string, version: string): string {
  if (![engine, version].every((part) => /^[a-zA-Z0-9][a-zA-Z0-9._+-]*$/.test(part))) {
    throw new TerminalError('The name or version of this engine is not usable as a folder name.');
  }
  return join(home, 'engines', engine, version);
}

export async function isPrepared(options: PrepareOptions, engine: string, preparation: Preparation): Promise<boolean> {
  const stamps = await readStamps(stampFile(options.home, engine, preparation.version));
  const copied = await Promise.all(preparation.copies.map(({ to }) => exists(engineFolder(options.home, engine, to))));
  if (!stamps.sealed || !copied.every(Boolean)) return false;
  return !needsDatabase(preparation) || isTemplateReady(options.server, templateOf(options, engine, preparation));
}

/**
 * Makes a version of an engine ready to be cloned: copies its folders into the home, runs its phases there, locks the
 * template database and the files. Goes on after the last phase that was finished; phases that fill the database are
 * taken as one, because a half-filled one can't be told from a full one. Resolves with each phase's duration in ms.
 */
export async function prepare(
  options: PrepareOptions,
  engine: string,
  preparation: Preparation,
  onProgress: (progress: PrepareProgress) => void,
  signal: AbortSignal,
): Promise<{ phase: string; ms: number }[]> {
  const place = await openPlace(options, engine, preparation);
  if (!(await isPrepared(options, engine, preparation))) {
    await refuseIfFull(options.home, place.stamps, preparation);
    await copyFolders(place, signal);
    if (!(await isPrepared(options, engine, preparation))) await build(place, onProgress, signal);
  }
  return preparation.phases.map(({ name }) => ({ phase: name, ms: place.stamps.phases[name] ?? 0 }));
}

/** One preparation under way: what it is of, where, and how far it has come. */
interface Place extends PrepareOptions {
  engine: string;
  preparation: Preparation;
  folder: string;
  /** HOME and npm's cache of the commands, thrown away at the end. */
  scratch: string;
  logFile: string;
  stamps: Stamps;
  save: () => Promise<void>;
  uid: number | null;
}

async function openPlace(options: PrepareOptions, engine: string, preparation: Preparation): Promise<Place> {
  const { home, accounts } = options;
  const file = stampFile(home, engine, preparation.version);
  const stamps = await readStamps(file);
  // npm runs the scripts of a thousand packages: not as root, if the account for it can reach Node and npm.
  const uid = accounts && (await closedToOthers(process.execPath)) === null ? accounts.builder : null;
  return {
    ...options,
    engine,
    preparation,
    folder: engineFolder(home, engine, preparation.version),
    scratch: join(home, 'engines', engine, `.scratch-${preparation.version}`),
    logFile: join(home, 'logs', `prepare-${engine}.log`),
    stamps,
    save: () => writeWhole(file, JSON.stringify(stamps)),
    uid,
  };
}

/** A copy appears under its name when it is complete, so that what is there can be trusted. */
async function copyFolders({ home, engine, preparation, stamps, save }: Place, signal: AbortSignal): Promise<void> {
  const parent = join(home, 'engines', engine);
  await mkdir(parent, { recursive: true });
  await chmod(parent, 0o755);
  for (const { from, to } of preparation.copies) {
    const folder = engineFolder(home, engine, to);
    if (await exists(folder)) continue;
    if (to === preparation.version) {
      Object.assign(stamps, { phases: {}, sealed: false });
      await save();
    }
    const draft = join(parent, `.copy-${to}`);
    await rm(draft, { recursive: true, force: true });
    signal.throwIfAborted();
    // What others have made in the checkout is made anew.
    await cp(from, draft, {
      recursive: true,
      filter: (path) => !/(^|\/)(node_modules|\.medusa|\.git)(\/|$)/.test(relative(from, path)),
    });
    await run('chmod', ['-R', 'u+rwX,a+rX', draft]);
    await rename(draft, folder);
  }
}

async function build(
  place: Place,
  onProgress: (progress: PrepareProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  await open(place);
  await runPhases(place, onProgress, signal);
  await seal(place, signal);
}

/** Makes the files the preparing account's own, also those that were sealed when their database was lost later. */
async function open({ folder, uid }: Place): Promise<void> {
  if (uid !== null) await run('chown', ['-R', `${uid}:${uid}`, folder]);
  await run('chmod', ['-R', 'u+rwX', folder]);
}

async function runPhases(
  place: Place,
  onProgress: (progress: PrepareProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { preparation, stamps } = place;
  const filled = preparation.phases.filter((phase) => phase.database).every(({ name }) => name in stamps.phases);
  const template = templateOf(place, place.engine, preparation);
  const keepDatabase = filled && (await databaseExists(place.server, template.name));
  const progress = trackProgress(preparation.phases, onProgress);
  let databaseUrl: string | null = null;
  for (const phase of preparation.phases) {
    if (phase.name in stamps.phases && (!phase.database || keepDatabase)) {
      progress.skip(phase);
      continue;
    }
    if (phase.database) databaseUrl ??= await beginTemplate(place.server, template, signal);
    const began = Date.now();
    const url = phase.database ? databaseUrl : null;
    await progress.during(phase, () => runPhase(place, phase, url, signal));
    stamps.phases[phase.name] = Date.now() - began;
    await place.save();
    place.log.info(
      { engine: place.engine, phase: phase.name, ms: stamps.phases[phase.name] },
      'a phase of a preparation is done',
    );
  }
}

async function runPhase(
  place: Place,
  phase: PreparePhase,
  databaseUrl: string | null,
  signal: AbortSignal,
): Promise<void> {
  const { scratch, uid, installationId } = place;
  const node = process.execPath;
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  if (uid !== null) await chown(scratch, uid, uid);
  await lendNpmSettings(place);
  await writeFile(place.logFile, `\n== ${place.engine} ${place.preparation.version}: ${phase.title}\n`, {
    flag: 'a',
    mode: 0o600,
  });
  await runCommand({
    command: phase.command.map((part) => (part === 'node' ? node : part)),
    env: prepareEnvironment(place.environment, { node, home: scratch, installationId, databaseUrl }),
    cwd: place.folder,
    uid,
    logFile: place.logFile,
    processFile: join(place.home, 'engines', place.engine, `${place.preparation.version}.process.json`),
    title: phase.title,
    home: place.home,
    signal,
  });
}

/** The settings by which the user's own npm reaches its registry: a copy, because another account can't read them. */
async function lendNpmSettings({ environment, scratch, uid }: Place): Promise<void> {
  const theirs = environment.npm_config_userconfig ?? join(environment.HOME ?? homedir(), '.npmrc');
  const copy = join(scratch, '.npmrc');
  if (!(await exists(theirs))) return;
  await copyFile(theirs, copy);
  if (uid !== null) await chown(copy, uid, uid);
}

/**
 * Closes files and template, so that no store can change what all stores stand on. (The files stay writable for their
 * owner, who can take any right back anyway, and wants to delete the home one day.)
 */
async function seal(place: Place, signal: AbortSignal): Promise<void> {
  const { folder, scratch, preparation, stamps } = place;
  if (needsDatabase(preparation))
    await lockTemplate(place.server, templateOf(place, place.engine, preparation), signal);
  if (place.uid !== null) await run('chown', ['-R', '0:0', folder]);
  await run('chmod', ['-R', 'a+rX,go-w', folder]);
  await rm(scratch, { recursive: true, force: true });
  stamps.sealed = true;
  await place.save();
}

async function refuseIfFull(home: string, stamps: Stamps, { diskBytes, phases }: Preparation): Promise<void> {
  if (phases.every(({ name }) => name in stamps.phases)) return;
  const free = await freeDisk(home);
  if (free >= diskBytes) return;
  throw new Error(
    `There is not enough disk to prepare this kind of shop: it needs ${inWords(diskBytes)}, and ${inWords(free)} are free.`,
  );
}

function needsDatabase(preparation: Preparation): boolean {
  return preparation.phases.some((phase) => phase.database);
}

export function templateOf(
  { installationId }: { installationId: string },
  engine: string,
  { version }: { version: string },
) {
  return { name: templateName(installationId, engine, version), installationId };
}

async function databaseExists(server: DatabaseServer, name: string): Promise<boolean> {
  return (await server.query('SELECT FROM pg_database WHERE datname = $1', [name])).length > 0;
}

function stampFile(home: string, engine: string, version: string): string {
  return `${engineFolder(home, engine, version)}.json`;
}

async function readStamps(file: string): Promise<Stamps> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? { phases: {}, sealed: false } : (JSON.parse(text) as Stamps);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
