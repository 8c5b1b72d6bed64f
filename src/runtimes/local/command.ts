import { rm } from 'node:fs/promises';
import { start, runningRecord } from './launch.ts';
import type { Launch } from './launch.ts';
import { lastWords } from './last-words.ts';
import { endProcesses, listProcesses } from './processes.ts';

/** Short: what a command has half done is done again, so there is nothing that it has to put in order. */
const GRACE_MS = 500;

export interface Command extends Pick<Launch, 'command' | 'env' | 'cwd' | 'uid' | 'logFile' | 'processFile'> {
  title: string;
  home: string;
  signal: AbortSignal;
}

/**
 * Runs one command to its end; rejects with its last words when that is not a good one. On abort its whole process group
 * is ended. What an earlier platform left running for the same process file is ended first.
 */
export async function runCommand({ signal, title, home, ...command }: Command): Promise<void> {
  const left = await runningRecord(command.processFile);
  if (left) await endGroup(left.pid);
  signal.throwIfAborted();
  const { child, record } = await start({ ...command, port: 0, healthPath: '', hash: '' });
  const abort = () => void endGroup(record.pid);
  signal.addEventListener('abort', abort, { once: true });
  const how = await new Promise<string | null>((resolve) => {
    child.once('exit', (code, by) => resolve(code === 0 ? null : by ? `signal ${by}` : `exit code ${code}`));
  });
  signal.removeEventListener('abort', abort);
  await endGroup(record.pid);
  await rm(command.processFile, { force: true });
  signal.throwIfAborted();
  if (how)
    throw new Error(
      `"${title}" failed (${how}).${await lastWords(command.logFile, home, { lines: 8, characters: 800 })}`,
    );
}

function endGroup(group: number): Promise<void> {
  return endProcesses(async () => (await listProcesses()).filter((one) => one.group === group), GRACE_MS);
}
