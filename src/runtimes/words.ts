/** `1.5 GB`: for people. */
export function inWords(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** The last lines of a program's output as the end of a sentence, or nothing where there are none. Without logins. */
export function lastWordsOf(lines: readonly string[], characters: number): string {
  const text = lines
    .map((line) => line.replaceAll(/:\/\/[^@\s]+@/g, '://…@').trim())
    .filter(Boolean)
    .join(' | ')
    .slice(-characters);
  return text ? ` Its last words: ${text}` : '';
}
