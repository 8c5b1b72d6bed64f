import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi, testPerson, type Person, type TestApi } from '../../test/support/api.ts';
import { people } from '../../test/support/people.ts';

let api: TestApi;
let cast: ReturnType<typeof people>;
beforeAll(async () => {
  api = await testApi();
  cast = people(api);
});
afterAll(() => api.close());

describe('IDN-2: admins and people', () => {
  it('an invitation for somebody who is here is a conflict', async () => {
    const { email } = await cast.invite();
    const twice = await api.as(api.admin, 'POST', '/api/v1/users', { body: { email: email.toUpperCase() } });
    expect([twice.status, twice.body.error.code]).toEqual([409, 'CONFLICT']);
    for (const wrong of ['nobody', 'a@b c', 'a\u0000@example.com', '@', `${'x'.repeat(320)}@example.com`]) {
      expect((await api.as(api.admin, 'POST', '/api/v1/users', { body: { email: wrong } })).status).toBe(400);
    }
  });

  it('a suspended person is out at once, with all sessions and keys, and can be let in again', async () => {
    const { id, cookie } = await cast.signedIn();
    const { key } = (await api.as(api.admin, 'POST', `/api/v1/users/${id}/api-keys`, { body: { name: 'theirs' } }))
      .body;
    const person = { key } as Person;
    expect((await api.as(person, 'GET', '/api/v1/me')).status).toBe(200);
    const suspended = await api.as(api.admin, 'POST', `/api/v1/users/${id}/suspend`);
    expect(suspended.body).toMatchObject({ id, suspended: true });
    expect((await api.as(person, 'GET', '/api/v1/me')).status).toBe(401);
    expect((await cast.browse('GET', '/api/v1/me', { cookie })).status).toBe(401);
    expect((await api.as(api.admin, 'POST', `/api/v1/users/${id}/sign-in-links`)).status).toBe(409);
    await api.as(api.admin, 'POST', `/api/v1/users/${id}/unsuspend`);
    expect((await api.as(person, 'GET', '/api/v1/me')).status).toBe(200);
  });

  it('a person with stores stays, one without is removed', async () => {
    const person = await testPerson(api.db, 'member');
    await api.as(person, 'POST', '/api/v1/stores', { body: { name: 'Tea House', engine: 'medusa' } });
    const kept = await api.as(api.admin, 'DELETE', `/api/v1/users/${person.userId}`);
    expect([kept.status, kept.body.error.code]).toEqual([409, 'CONFLICT']);
    expect((await api.as(person, 'GET', '/api/v1/me')).status).toBe(200);
    const { id } = await cast.invite();
    expect((await api.as(api.admin, 'DELETE', `/api/v1/users/${id}`)).status).toBe(204);
    expect((await api.as(api.admin, 'GET', `/api/v1/users/${id}`)).status).toBe(404);
  });

  it('the last admin stays one; a role change works at once', async () => {
    const own = `/api/v1/users/${api.admin.userId}`;
    for (const [method, url, body] of [
      ['DELETE', own],
      ['POST', `${own}/suspend`],
      ['PATCH', own, { role: 'member' }],
    ] as const) {
      const answer = await api.as(api.admin, method, url, body ? { body } : {});
      expect([answer.status, answer.body.error.code]).toEqual([409, 'CONFLICT']);
    }
    const other = await testPerson(api.db, 'member');
    expect((await api.as(other, 'GET', '/api/v1/users')).status).toBe(403);
    await api.as(api.admin, 'PATCH', `/api/v1/users/${other.userId}`, { body: { role: 'admin' } });
    expect((await api.as(other, 'GET', '/api/v1/users?limit=1&offset=1')).body).toMatchObject({
      limit: 1,
      offset: 1,
      hasMore: true,
    });
    await api.as(api.admin, 'PATCH', `/api/v1/users/${other.userId}`, { body: { role: 'member' } });
    expect((await api.as(other, 'GET', '/api/v1/users')).status).toBe(403);
  });

  it('API keys have names and an end, are shown once, and let nobody in once revoked', async () => {
    const made = await api.as(api.owner, 'POST', '/api/v1/api-keys', {
      body: { name: 'ci', expiresAt: '2999-01-01T00:00:00Z' },
    });
    expect(made.body).toMatchObject({
      name: 'ci',
      key: expect.stringMatching(/^spk_/),
      expiresAt: '2999-01-01T00:00:00.000Z',
    });
    const person = { key: made.body.key } as Person;
    expect((await api.as(person, 'GET', '/api/v1/me')).body.credential).toEqual({
      kind: 'api-key',
      expiresAt: '2999-01-01T00:00:00.000Z',
    });
    const listed = (await api.as(api.owner, 'GET', '/api/v1/api-keys')).body.apiKeys;
    expect(JSON.stringify(listed)).not.toContain(made.body.key);
    expect(listed[0]).toMatchObject({
      id: made.body.id,
      hint: made.body.key.slice(0, 10),
      lastUsedAt: expect.any(String),
    });
    expect((await api.as(api.owner, 'DELETE', `/api/v1/api-keys/${made.body.id}`)).status).toBe(204);
    expect((await api.as(person, 'GET', '/api/v1/me')).status).toBe(401);
    const past = await api.as(api.owner, 'POST', '/api/v1/api-keys', {
      body: { name: 'old', expiresAt: '2020-01-01T00:00:00Z' },
    });
    expect(past.status).toBe(400);
  });
});
