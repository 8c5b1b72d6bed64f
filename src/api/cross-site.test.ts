import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi, type TestApi } from '../../test/support/api.ts';
import { OWN_HOST, people } from '../../test/support/people.ts';

let api: TestApi;
let cast: ReturnType<typeof people>;
beforeAll(async () => {
  api = await testApi();
  cast = people(api);
});
afterAll(() => api.close());

describe('IDN-5: cookies and other sites', () => {
  it('a cookie counts on the platform’s own name only; 127.0.0.1 takes keys (trap 3)', async () => {
    const { cookie } = await cast.signedIn();
    expect((await cast.browse('GET', '/api/v1/me', { cookie })).status).toBe(200);
    expect((await cast.browse('GET', '/api/v1/me', { cookie, headers: { host: '127.0.0.1:3001' } })).status).toBe(401);
    const { token } = await cast.invite();
    const there = await cast.browse('POST', '/api/v1/session', {
      body: { token },
      headers: { host: '127.0.0.1:3001', origin: 'http://127.0.0.1:3001' },
    });
    expect([there.status, there.headers['set-cookie']]).toEqual([403, undefined]);
    const page = await api.as(null, 'GET', '/?x=1', { headers: { host: '127.0.0.1:3001', accept: 'text/html' } });
    expect([page.status, page.headers.location]).toEqual([302, 'http://localhost:3001/?x=1']);
    expect((await api.as(api.owner, 'GET', '/api/v1/me', { headers: { host: '127.0.0.1:3001' } })).status).toBe(200);
  });

  it('what a page of another origin has a browser do is refused, a shop on this very site included', async () => {
    const { cookie } = await cast.signedIn();
    const attempt = (headers: Record<string, string>, method = 'DELETE') =>
      api.as(null, method, '/api/v1/session', { headers: { host: OWN_HOST, cookie, ...headers } });
    for (const headers of [
      { origin: 'http://tea-7f3a.localhost:3001', 'sec-fetch-site': 'same-site' },
      { origin: 'http://localhost:4000', 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const { status, body } = await attempt(headers);
      expect([status, body.error.code]).toEqual([403, 'CROSS_SITE_REQUEST']);
    }
    expect((await attempt({ origin: 'http://localhost:3001', 'sec-fetch-site': 'same-origin' })).status).toBe(204);
  });

  it('signing in is guarded alike, and a key needs no such thing', async () => {
    const { token } = await cast.invite();
    const forced = await cast.browse('POST', '/api/v1/session', {
      body: { token },
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(forced.status).toBe(403);
    const scripted = await api.as(api.owner, 'POST', '/api/v1/stores', {
      body: { name: 'From A Script', engine: 'medusa' },
      headers: { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(scripted.status).toBe(202);
  });

  it('headers forbid inline script, frames and guessing; HSTS and __Host- come with TLS', async () => {
    const plain = await cast.browse('GET', '/');
    const policy = String(plain.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.replace(/style-src [^;]+/, '')).not.toContain('unsafe');
    expect(plain.headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
    expect(plain.headers['strict-transport-security']).toBeUndefined();

    const secure = await testApi({ env: { PUBLIC_URL: 'https://platform.example.com' } });
    try {
      const user = await secure.as(secure.admin, 'POST', '/api/v1/users', { body: { email: 'ada@example.com' } });
      const token = user.body.signInUrl.split('=')[1];
      const opened = await secure.as(null, 'POST', '/api/v1/session', {
        body: { token },
        headers: { host: 'platform.example.com' },
      });
      expect(opened.headers['set-cookie']).toMatch(
        /^__Host-store_platform_session=.*Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      );
      expect(opened.headers['strict-transport-security']).toMatch(/^max-age=\d+$/);
    } finally {
      await secure.close();
    }
  });

  it('CORS: only origins of ALLOWED_ORIGINS are let in', async () => {
    const open = await testApi({ env: { ALLOWED_ORIGINS: 'https://dashboard.example.com' } });
    try {
      const preflight = (origin: string) =>
        open.as(null, 'OPTIONS', '/api/v1/stores', { headers: { origin, 'access-control-request-method': 'POST' } });
      const allowed = await preflight('https://dashboard.example.com');
      expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([
        204,
        'https://dashboard.example.com',
      ]);
      const refused = await preflight('https://evil.example');
      expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, undefined]);
      const read = await open.as(open.owner, 'GET', '/api/v1/me', {
        headers: { origin: 'https://dashboard.example.com' },
      });
      expect(read.headers['access-control-allow-credentials']).toBe('true');
    } finally {
      await open.close();
    }
    expect(
      (await api.as(api.owner, 'GET', '/api/v1/me', { headers: { origin: 'https://evil.example' } })).headers[
        'access-control-allow-origin'
      ],
    ).toBeUndefined();
  });
});
