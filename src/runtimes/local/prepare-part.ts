import { chmod, chown, copyFile, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Logger } from 'pino';
import type { AssetsPhase, CommandPhase, PreparedPart, PreparePhase } from '../../../engines/engine.ts';
import type { AssetFile, Assets } from '../../assets/assets.ts';
import { unzip } from '../../assets/unzip.ts';
import { TerminalError } from '../../errors.ts';
import type { Accounts } from './accounts.ts';
import { runCommand } from './command.ts';
import { prepareEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';
import { closedToOthers, writeWhole } from './folders.ts';
import { templateName } from './names.ts';
import type { Progress } from './progress.ts';
import { changeRights } from './rights.ts';
import type { DatabaseServer } from './server.ts';
import { beginTemplate, isTemplateReady, lockTemplate } from './template.ts';
import type { Template } from './template.ts';

export interface PrepareOptions {
  home: string;
  installationId: string;
  environment: Environment;
  accounts: Accounts | null;
  server: DatabaseServer;
  assets: Assets;
  log: Logger;
}

/** How far a part has come: written after each phase, read when it is begun again. */
interface Stamps {
  phases: Record<string, number>;
  /** What was unpacked into it. */
  assets?: Omit<AssetFile, 'path'>[];
  sealed: boolean;
}

/** One part of a preparation: what it is of, where, and how far it has come. */
export interface Part extends PrepareOptions, Pick<PreparedPart, 'from' | 'phases'> {
  engine: string;
  folder: string;
  template: Template;
  /** HOME and npm's cache of the commands, thrown away at the end. */
  scratch: string;
  logFile: string;
  processFile: string;
  stamps: Stamps;
  save: () => Promise<void>;
  uid: number | null;
}

/** The prepared files of an engine's part: read-only, shared by all its stores. */
export function engineFolder(home: string, engine: string, folder: string): string {
  if (![engine, folder].every((part) => /^[a-zA-Z0-9][a-zA-Z0-9._+-]*$/.test(part))) {
    throw new TerminalError('The name or version of this engine is not usable as a folder name.');
  }
  return join(home, 'engines', engine, folder);
}

export async function openPart(
  options: PrepareOptions,
  engine: string,
  version: string,
  { folder: name, from, phases }: PreparedPart,
): Promise<Part> {
  const { home, accounts } = options;
  const folder = engineFolder(home, engine, name);
  const file = `${folder}.json`;
  const stamps = await readStamps(file);
  // npm runs the scripts of a thousand packages: not as root, if the account for it can reach Node and npm.
  const uid = accounts && (await closedToOthers(process.execPath)) === null ? accounts.builder : null;
  return {
    ...options,
    engine,
    from,
    phases,
    folder,
    template: templateOf(options, engine, version),
    scratch: join(dirname(folder), `.scratch-${name}`),
    logFile: join(home, 'logs', `prepare-${engine}.log`),
    processFile: `${folder}.process.json`,
    stamps,
    save: () => writeWhole(file, JSON.stringify(stamps)),
    uid,
  };
}

export async function isPartReady({ folder, phases, stamps, server, template }: Part): Promise<boolean> {
  if (!(await exists(folder)) || (phases.length > 0 && !stamps.sealed)) return false;
  return !needsDatabase(phases) || isTemplateReady(server, template);
}

/**
 * Copies the part's source into the home, runs its phases there, locks the template database and the files. Phases that
 * fill the database are taken as one, because a half-filled one can't be told from a full one.
 */
export async function preparePart(part: Part, progress: Progress, signal: AbortSignal): Promise<void> {
  if (await isPartReady(part)) {
    part.phases.forEach(progress.skip);
    return;
  }
  await copySource(part, signal);
  if (part.phases.length === 0) return;
  await open(part);
  await runPhases(part, progress, signal);
  await seal(part, signal);
}

/** A copy appears under its name when it is complete, so that what is there can be trusted. */
async function copySource({ from, folder, stamps, save }: Part, signal: AbortSignal): Promise<void> {
  if (await exists(folder)) return;
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  await chmod(parent, 0o755);
  Object.assign(stamps, { phases: {}, assets: [], sealed: false });
  await save();
  const draft = join(parent, `.copy-${relative(parent, folder)}`);
  await rm(draft, { recursive: true, force: true });
  signal.throwIfAborted();
  // What others have made in the checkout is made anew.
  await cp(from, draft, {
    recursive: true,
    filter: (path) => !/(^|\/)(node_modules|\.medusa|\.git)(\/|$)/.test(relative(from, path)),
  });
  await changeRights('chmod', 'u+rwX,a+rX', draft);
  await rename(draft, folder);
}

/** Makes the files the preparing account's own, also those that were sealed when their database was lost later. */
async function open({ folder, uid }: Part): Promise<void> {
  if (uid !== null) await changeRights('chown', `${uid}:${uid}`, folder);
  await changeRights('chmod', 'u+rwX', folder);
}

async function runPhases(part: Part, progress: Progress, signal: AbortSignal): Promise<void> {
  const { phases, stamps, server, template } = part;
  const filled = phases.filter(fillsDatabase).every(({ name }) => name in stamps.phases);
  const keepDatabase = filled && (await databaseExists(server, template.name));
  let databaseUrl: string | null = null;
  for (const phase of phases) {
    if (phase.name in stamps.phases && (!fillsDatabase(phase) || keepDatabase)) {
      progress.skip(phase);
      continue;
    }
    if (fillsDatabase(phase)) databaseUrl ??= await beginTemplate(server, template, signal);
    const began = Date.now();
    const url = fillsDatabase(phase) ? databaseUrl : null;
    await progress.during(phase, (known) =>
      'assets' in phase ? unpackAssets(part, phase, known, signal) : runPhase(part, phase, url, signal),
    );
    stamps.phases[phase.name] = Date.now() - began;
    await part.save();
    part.log.info(
      { engine: part.engine, phase: phase.name, ms: stamps.phases[phase.name] },
      'a phase of a preparation is done',
    );
  }
}

/** Downloading takes most of it where it is needed; how long unpacking takes can't be told before. */
const DOWNLOADED = 0.9;

async function unpackAssets(
  part: Part,
  { assets }: AssetsPhase,
  known: (fraction: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const wanted = assets.map(({ asset }) => asset);
  const files = await part.assets.ensureAll(wanted, (fraction) => known(fraction * DOWNLOADED), signal);
  for (const [n, { asset, into }] of assets.entries()) {
    const target = join(part.folder, into);
    await rm(join(target, asset.folder), { recursive: true, force: true });
    await unzip(files[n]?.path ?? '', target, { folder: asset.folder, signal });
  }
  part.stamps.assets = files.map(({ file, bytes, sha256, source }) => ({ file, bytes, sha256, source }));
  if (part.uid !== null) await changeRights('chown', `${part.uid}:${part.uid}`, part.folder);
}

async function runPhase(
  part: Part,
  phase: PreparePhase & CommandPhase,
  databaseUrl: string | null,
  signal: AbortSignal,
): Promise<void> {
  const { scratch, uid, installationId } = part;
  const node = process.execPath;
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  if (uid !== null) await chown(scratch, uid, uid);
  await lendNpmSettings(part);
  const heading = `\n== ${part.engine} ${relative(dirname(part.folder), part.folder)}: ${phase.title}\n`;
  await writeFile(part.logFile, heading, { flag: 'a', mode: 0o600 });
  await runCommand({
    command: phase.command.map((word) => (word === 'node' ? node : word)),
    env: prepareEnvironment(part.environment, { node, home: scratch, installationId, databaseUrl }),
    cwd: part.folder,
    uid,
    logFile: part.logFile,
    processFile: part.processFile,
    title: phase.title,
    home: part.home,
    signal,
  });
}

/** The settings by which the user's own npm reaches its registry: a copy, because another account can't read them. */
async function lendNpmSettings({ environment, scratch, uid }: Part): Promise<void> {
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
async function seal(part: Part, signal: AbortSignal): Promise<void> {
  const { folder, scratch, phases, stamps } = part;
  if (needsDatabase(phases)) await lockTemplate(part.server, part.template, signal);
  if (part.uid !== null) await changeRights('chown', '0:0', folder);
  await changeRights('chmod', 'a+rX,go-w', folder);
  await rm(scratch, { recursive: true, force: true });
  stamps.sealed = true;
  await part.save();
}

function needsDatabase(phases: readonly PreparePhase[]): boolean {
  return phases.some(fillsDatabase);
}

function fillsDatabase(phase: PreparePhase): boolean {
  return 'database' in phase && phase.database === true;
}

export function templateOf({ installationId }: { installationId: string }, engine: string, version: string): Template {
  return { name: templateName(installationId, engine, version), installationId };
}

async function databaseExists(server: DatabaseServer, name: string): Promise<boolean> {
  return (await server.query('SELECT FROM pg_database WHERE datname = $1', [name])).length > 0;
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
