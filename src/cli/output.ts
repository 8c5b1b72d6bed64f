import { styleText } from 'node:util';

/** Where a command writes: data to standard output, everything else to standard error. */
export interface Output {
  json: boolean;
  /** Somebody sits there, who can be asked and for whom progress may redraw itself. */
  interactive: boolean;
  stderr: NodeJS.WritableStream;
  /** One finished document: the value as JSON, or the text for people. */
  document(value: unknown, text: () => string): void;
  /** One of many lines, for `--follow`. */
  line(value: unknown, text: () => string): void;
  /** A remark for people, on standard error. */
  note(text: string): void;
  paint(colour: Colour, text: string): string;
}

export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold' | 'cyan';

/** The process, or what stands in for it in a test. */
export interface Io {
  stdin: { isTTY?: boolean };
  stdout: NodeJS.WritableStream & { isTTY?: boolean };
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
  env: NodeJS.ProcessEnv;
}

export function createOutput(json: boolean, { stdin, stdout, stderr, env }: Io): Output {
  const dumb = env['TERM'] === 'dumb';
  const coloured = stdout.isTTY === true && !env['NO_COLOR'] && !dumb;
  const print = (text: string) => stdout.write(`${text}\n`);
  return {
    json,
    interactive: stdin.isTTY === true && stderr.isTTY === true && !dumb,
    stderr,
    document: (value, text) => print(json ? JSON.stringify(value, null, 2) : text()),
    line: (value, text) => print(json ? JSON.stringify(value) : text()),
    note: (text) => void stderr.write(`${text}\n`),
    paint: (colour, text) => (coloured ? styleText(colour, text) : text),
  };
}

/** Columns as wide as their widest cell; `paint` colours a cell after it has been padded. */
export function table(
  rows: readonly string[][],
  paint: (cell: string, column: number) => string = (cell) => cell,
): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, column) => Math.max(all[column] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => paint(cell.padEnd(widths[column] ?? 0), column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `name: value` lines with the values under one another. */
export function fields(pairs: readonly (readonly [string, string | null | undefined])[]): string {
  const given = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return table(given.map(([name, value]) => [`${name}:`, value ?? '']));
}
