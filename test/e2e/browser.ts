/// <reference lib="dom" />
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

const CANDIDATES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = CANDIDATES.find((path) => path !== undefined && existsSync(path));

/** Why the browser suites can't run here, or null. */
export const noBrowser = executablePath
  ? null
  : 'no Chromium on this machine (set CHROMIUM, or apt-get install chromium)';

/** The system's Chromium, told to stay silent on the network; `more` are further switches. */
export function launch(...more: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

const FOLDER = resolve(import.meta.dirname, '../../screenshots');

/** Keeps the page, wide and on a phone, in `screenshots/` (ignored by git). */
export async function photograph(page: Page, name: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  for (const [size, width, height] of [
    ['wide', 1280, 900],
    ['phone', 390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.evaluate(() =>
      Promise.all(Array.from(document.images).map((image) => image.decode().catch(() => undefined))),
    );
    await page.screenshot({ path: join(FOLDER, `${name}-${size}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** What axe finds on the page, light and dark, as one line each; empty where nothing is wrong. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const problems: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(settled);
    await page.evaluate(axe.source);
    const found = await page.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run());
    for (const { id, nodes } of found.violations) problems.push(`${colorScheme} ${id}: ${nodes[0]?.html}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return problems;
}

/** In the page: resolves when it is drawn in the colours that it was told to have, and all that fades has done so. */
async function settled(): Promise<void> {
  for (let frames = 0; frames < 3; frames += 1) await new Promise((drawn) => requestAnimationFrame(drawn));
  const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ending.map(({ finished }) => finished));
}

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}
