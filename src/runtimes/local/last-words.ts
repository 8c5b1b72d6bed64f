import { lastWordsOf } from '../words.ts';
import { lastLines } from './logs.ts';

/**
 * The end of a log as the end of a sentence, or nothing where it is empty. Without this machine's paths, and without the
 * logins that addresses hold.
 */
export async function lastWords(file: string, home: string, limit = { lines: 5, characters: 600 }): Promise<string> {
  const lines = await lastLines(file, limit.lines);
  return lastWordsOf(
    lines.map((line) => line.replaceAll(home, '…')),
    limit.characters,
  );
}
