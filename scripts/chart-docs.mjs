import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, say } from './lib/checkout.mjs';

/*
 * Writes the table of values into each chart's README, from the comments in its values.yaml: `# -- ` begins what is said
 * about the next key, further comment lines go on with it, `# @ignored` leaves the next key and all below it out.
 * With --check nothing is written, and a table that is not up to date is an error.
 */

const BEGIN = '<!-- values: node scripts/chart-docs.mjs -->';
const END = '<!-- /values -->';

const charts = join(checkout, 'charts');
const check = process.argv.includes('--check');
const outdated = readdirSync(charts)
  .filter((chart) => existsSync(join(charts, chart, 'values.yaml')))
  .filter((chart) => !isUpToDate(chart));
if (outdated.length > 0) {
  say(`The table of values is not up to date: ${outdated.join(', ')}. Run: node scripts/chart-docs.mjs`);
  process.exit(1);
}

/** Brings the chart's README up to date, or only looks; false where it is not, or has no place for the table. */
function isUpToDate(chart) {
  const path = join(charts, chart, 'README.md');
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const [begin, end] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (begin < 0 || end < begin) return false;
  const table = toTable(readValues(readFileSync(join(charts, chart, 'values.yaml'), 'utf8')));
  const after = `${before.slice(0, begin)}${BEGIN}\n${table}\n${before.slice(end)}`;
  if (after === before) return true;
  if (!check) writeFileSync(path, after);
  return !check;
}

function toTable(values) {
  const rows = values.map(({ key, value, about }) => `| \`${key}\` | ${code(value)} | ${escape(about)} |`);
  return ['| value | default | |', '|---|---|---|', ...rows].join('\n');
}

function code(value) {
  if (value === null) return 'see `values.yaml`';
  return value === '' ? '' : `\`${escape(value)}\``;
}

function escape(text) {
  return text.replaceAll('|', '\\|');
}

/** All values under their full names, in the file's order. One that is described as a whole has one row. */
function readValues(text) {
  return readTree(text.split('\n')).children.flatMap((node) => rowsOf(node, ''));
}

function rowsOf({ name, value, about, ignored, children }, prefix) {
  if (ignored) return [];
  const key = `${prefix}${name}`;
  if (children.length === 0) return [{ key, value: value || null, about }];
  if (about !== '' && !children.some(isDescribed)) return [{ key, value: null, about }];
  const own = about === '' ? [] : [{ key, value: '', about }];
  return [...own, ...children.flatMap((child) => rowsOf(child, `${key}.`))];
}

function isDescribed({ about, children }) {
  return about !== '' || children.some(isDescribed);
}

/**
 * The file's keys as a tree. It knows as much of YAML as these files use: each key on a line of its own, its value
 * behind it or indented below, lists as a value that is not looked into.
 */
function readTree(lines) {
  const root = { indent: -1, children: [] };
  const open = [root];
  let comment = { about: '', ignored: false };
  let list = Infinity;
  for (const line of lines) {
    const [, blank, rest] = /^( *)(.*?)\s*$/.exec(line);
    const indent = blank.length;
    if (rest === '') comment = { about: '', ignored: false };
    else if (rest.startsWith('#')) comment = readComment(rest, comment);
    else if (rest.startsWith('- ')) list = Math.min(list, indent);
    else if (indent <= list) {
      list = Infinity;
      while (open.at(-1).indent >= indent) open.pop();
      const [, name, value] = /^"?([^":]+)"?:\s*(.*)$/.exec(rest);
      const node = { indent, name, value, ...comment, children: [] };
      open.at(-1).children.push(node);
      open.push(node);
      comment = { about: '', ignored: false };
    }
  }
  return root;
}

/** What a further line of comment adds to those before it. */
function readComment(line, before) {
  if (line.startsWith('# -- ')) return { about: line.slice('# -- '.length), ignored: false };
  if (line === '# @ignored') return { about: '', ignored: true };
  return before.about === '' ? before : { ...before, about: `${before.about} ${line.replace(/^#\s*/, '')}` };
}
