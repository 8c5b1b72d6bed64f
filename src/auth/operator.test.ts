import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../test/support/database.ts';
import { userOfApiKey } from '../db/api-keys.ts';
import { listAudit } from '../db/audit.ts';
import { operatorKey, operatorLink } from './operator.ts';
import { byLink } from './sign-in.ts';
import { hashToken } from './token.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('IDN-1: an operator gets a new link as often as they ask, each good for one sign-in as the first admin', async () => {
  const urls = await Promise.all([1, 2].map(() => operatorLink(database.db, 'https://shops.example.com')));
  expect(new Set(urls).size).toBe(2);
  for (const url of urls) {
    expect(url).toMatch(/^https:\/\/shops\.example\.com\/sign-in#token=spl_/);
    const token = url.split('token=')[1] ?? '';
    expect(await byLink(database.db, token)).toMatchObject({ role: 'admin' });
    expect(await byLink(database.db, token)).toBeNull();
  }
});

it('IDN-6: an operator’s key is the first admin’s, and the audit log tells of it without showing it', async () => {
  const key = await operatorKey(database.db, 'ci');
  expect(await database.db.asStranger((tx) => userOfApiKey(tx, hashToken(key)))).toMatchObject({ role: 'admin' });
  const entries = await database.db.asOrchestrator((tx) => listAudit(tx, { limit: 10 }));
  expect(entries[0]).toMatchObject({ actor: 'operator', action: 'api-key.create', details: { name: 'ci' } });
  expect(JSON.stringify(entries)).not.toContain(key);
});
