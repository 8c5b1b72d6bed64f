import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi, type Person, type TestApi } from '../../test/support/api.ts';
import { cookieOf, people } from '../../test/support/people.ts';

const PASSWORD = 'a long enough password';

let api: TestApi;
let cast: ReturnType<typeof people>;
beforeAll(async () => {
  api = await testApi();
  cast = people(api);
});
afterAll(() => api.close());

describe('IDN-1: signing in', () => {
  it('an invited person opens a link once, sets a password, signs out and in again', async () => {
    const person = await cast.invite();
    expect(person.signInUrl).toMatch(/^http:\/\/localhost:3001\/sign-in#token=spl_/);
    const opened = await cast.browse('POST', '/api/v1/session', { body: { token: person.token } });
    expect([opened.status, opened.body.user.email]).toEqual([200, person.email]);
    expect(opened.headers['set-cookie']).toMatch(
      /^store_platform_session=sps_[\w-]{43}; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect((await cast.browse('POST', '/api/v1/session', { body: { token: person.token } })).status).toBe(401);

    const first = cookieOf(opened);
    const set = await cast.browse('PUT', '/api/v1/me/password', { cookie: first, body: { password: PASSWORD } });
    expect(set.status).toBe(204);
    expect((await cast.browse('GET', '/api/v1/me', { cookie: first })).status).toBe(401);
    const cookie = cookieOf(set);
    expect((await cast.browse('GET', '/api/v1/me', { cookie })).body).toMatchObject({
      user: { email: person.email },
      credential: { kind: 'session' },
    });

    expect((await cast.browse('DELETE', '/api/v1/session', { cookie })).status).toBe(204);
    expect((await cast.browse('GET', '/api/v1/me', { cookie })).status).toBe(401);
    const again = await cast.browse('POST', '/api/v1/session', { body: { email: person.email, password: PASSWORD } });
    expect(again.status).toBe(200);
  });

  it('a wrong password and an unknown address get the same answer', async () => {
    const { email } = await cast.invite();
    const answers = await Promise.all(
      [email, 'nobody@example.com'].map((address) =>
        cast.browse('POST', '/api/v1/session', { body: { email: address, password: 'guess' } }),
      ),
    );
    expect(answers.map(({ status, body }) => [status, body.error.message])).toEqual(
      [email, 'nobody'].map(() => [401, 'The e-mail address or the password is wrong.']),
    );
  });

  it('IDN-4: guesses at one account are limited', async () => {
    const { email } = await cast.invite();
    const statuses: number[] = [];
    for (let guess = 0; guess < 11; guess += 1) {
      statuses.push(
        (
          await cast.browse('POST', '/api/v1/session', {
            body: { email: ` ${email.toUpperCase()}`, password: `guess ${guess}` },
          })
        ).status,
      );
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
  });

  it('a new password needs the present one, unless one has just signed in', async () => {
    const { cookie, email } = await cast.signedIn();
    const key = (await cast.browse('POST', '/api/v1/api-keys', { cookie, body: { name: 'cli' } })).body.key as string;
    const person = { key } as Person;
    expect((await api.as(person, 'PUT', '/api/v1/me/password', { body: { password: PASSWORD } })).status).toBe(204);
    const wrong = await api.as(person, 'PUT', '/api/v1/me/password', {
      body: { password: 'another password', currentPassword: 'no' },
    });
    expect([wrong.status, wrong.body.error.code]).toEqual([403, 'FORBIDDEN']);
    const right = await api.as(person, 'PUT', '/api/v1/me/password', {
      body: { password: 'another password', currentPassword: PASSWORD },
    });
    expect(right.status).toBe(204);
    expect(
      (await cast.browse('POST', '/api/v1/session', { body: { email, password: 'another password' } })).status,
    ).toBe(200);
    expect((await api.as(person, 'PUT', '/api/v1/me/password', { body: { password: 'short' } })).status).toBe(400);
  });
});

const me = async (from: TestApi, user: string) =>
  (await from.as(null, 'GET', '/api/v1/me', { headers: { 'x-user-id': user } })).status;

describe('IDN-1: the trusted-header mode', () => {
  it('takes x-user-id from the named proxy only, as an id or an address', async () => {
    const proxied = await testApi({ env: { AUTH_MODE: 'trusted-header', TRUSTED_PROXIES: 'loopback' } });
    const direct = await testApi({ env: { AUTH_MODE: 'trusted-header', TRUSTED_PROXIES: '10.0.0.1' } });
    try {
      expect(await me(proxied, proxied.owner.userId)).toBe(200);
      expect(await me(proxied, proxied.owner.email)).toBe(200);
      expect(await me(proxied, 'nobody@example.com')).toBe(401);
      expect(await me(direct, direct.owner.userId)).toBe(401);
      expect(await me(api, api.owner.userId)).toBe(401);
      const forged = {
        'x-user-id': proxied.owner.userId,
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
      };
      expect(
        (
          await proxied.as(null, 'POST', '/api/v1/stores', {
            headers: forged,
            body: { name: 'Tea House', engine: 'medusa' },
          })
        ).status,
      ).toBe(403);
    } finally {
      await Promise.all([proxied.close(), direct.close()]);
    }
  });
});
