import { cpus, totalmem } from 'node:os';

/** One measured figure, with what it is compared with where there is an aim. */
export interface Figure {
  name: string;
  value: string;
  /** What it is beside, measured in the same run. */
  beside?: string;
  aim?: string;
}

/** Value at the given share of a sample, 0 to 1; the sample need not be sorted. */
export function percentile(sample: readonly number[], share: number): number {
  const sorted = sample.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function ms(value: number): string {
  return value < 10
    ? `${value.toFixed(1)} ms`
    : value < 10_000
      ? `${Math.round(value)} ms`
      : `${(value / 1000).toFixed(1)} s`;
}

/** The run as a section of Markdown: date, machine, a table. */
export function markdown(figures: readonly Figure[], at = new Date()): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const machine = `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  const rows = figures.map(({ name, value, beside = '', aim = '' }) => `| ${name} | ${value} | ${beside} | ${aim} |`);
  return [
    `## ${at.toISOString().slice(0, 10)}`,
    '',
    machine,
    '',
    '| what | measured | beside it, same run | aim |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
