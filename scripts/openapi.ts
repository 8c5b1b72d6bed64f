// Writes openapi.json from the schemas that validate requests; with --check fails when the committed one differs.
import { readFile, writeFile } from 'node:fs/promises';
import { openApiDocument } from '../src/api/document.ts';

const FILE = new URL('../openapi.json', import.meta.url);
const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
const { version } = JSON.parse(manifest) as { version: string };

const text = `${JSON.stringify(await openApiDocument(version), null, 2)}\n`;
const committed = await readFile(FILE, 'utf8').catch(() => '');
if (!process.argv.includes('--check')) {
  await writeFile(FILE, text);
} else if (committed !== text) {
  console.error('openapi.json is not what the schemas say. Run: npm run openapi');
  process.exitCode = 1;
}
