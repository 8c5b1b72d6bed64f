import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { HOOKED_MAIN, startPlatform, type StartOptions, type TestPlatform } from '../../support/platform.ts';
import { launch } from '../browser.ts';

/** Somebody who may use the platform, with a key to ask the API as them. */
export interface Person {
  id: string;
  email: string;
  token: string;
}

/** A platform of the test's own with tiny shops, which are ready in seconds, and the dashboard that it serves. */
export interface Dashboard {
  platform: TestPlatform;
  browser: Browser;
  /** Where people type it: session cookies count under the platform's own name only. */
  url: string;
  admin: Person;
  /** Makes somebody new. */
  person(email: string, role?: 'admin' | 'member'): Promise<Person>;
  /** A one-time link, new each time. */
  signInLink(as: Person): Promise<string>;
  /** Signs in by a one-time link, as the admin unless told otherwise, and waits for the list of stores. */
  signIn(page: Page, as?: Person): Promise<void>;
  stop(): Promise<void>;
}

/** `env`: settings of the platform, such as its limits. */
export async function startDashboard(
  env: Record<string, string> = {},
  options: Pick<StartOptions, 'onBoundary'> = {},
): Promise<Dashboard> {
  const base = await mkdtemp(join(tmpdir(), 'store-platform-dashboard-'));
  await chmod(base, 0o711); // as root, PostgreSQL's and the shops' accounts pass through it
  const platform = await startPlatform({
    ...options,
    home: join(base, 'home'),
    main: HOOKED_MAIN,
    env: { TEST_ENGINE: 'tiny', ...env },
  });
  const browser = await launch();
  const { user } = (await platform.api('/api/v1/me')).body;
  const admin = { id: user.id, email: user.email, token: platform.token };
  return {
    platform,
    browser,
    url: `http://localhost:${platform.port}`,
    admin,
    person: (email, role = 'member') => makePerson(platform, email, role),
    signInLink: (as) => makeLink(platform, as),
    async signIn(page, as = admin) {
      await page.goto(await makeLink(platform, as));
      await page.getByRole('heading', { name: 'Stores', level: 1 }).waitFor();
    },
    async stop() {
      await browser.close();
      await platform.stop();
      await rm(base, { recursive: true, force: true });
    },
  };
}

async function makePerson(platform: TestPlatform, email: string, role: string): Promise<Person> {
  const invited = await platform.api('/api/v1/users', { method: 'POST', body: { email, role } });
  expect(invited.status, JSON.stringify(invited.body)).toBe(201);
  const { id } = invited.body.user;
  const key = await platform.api(`/api/v1/users/${id}/api-keys`, { method: 'POST', body: { name: 'test' } });
  return { id, email, token: key.body.key };
}

/** A one-time link for somebody, on any platform. */
export async function makeLink(platform: TestPlatform, { id }: Pick<Person, 'id'>): Promise<string> {
  const made = await platform.api(`/api/v1/users/${id}/sign-in-links`, { method: 'POST' });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.signInUrl;
}
