import { randomBytes } from 'node:crypto';
import type { Answer, TestApi } from './api.ts';

/** The platform's own name in tests, which alone is given cookies. */
export const OWN_HOST = 'localhost:3001';

interface Browse {
  cookie?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** People who come to an API with a browser. */
export function people(api: TestApi) {
  /** A request as a browser on the platform's own pages sends it. */
  const browse = (method: string, url: string, { cookie, body, headers }: Browse = {}): Promise<Answer> =>
    api.as(null, method, url, {
      ...(body !== undefined && { body }),
      headers: {
        host: OWN_HOST,
        origin: `http://${OWN_HOST}`,
        'sec-fetch-site': 'same-origin',
        ...(cookie && { cookie }),
        ...headers,
      },
    });

  /** Somebody new, invited by the admin, who has not opened their link yet. */
  async function invite(role: 'admin' | 'member' = 'member') {
    const email = `${randomBytes(6).toString('hex')}@example.com`;
    const { body } = await api.as(api.admin, 'POST', '/api/v1/users', { body: { email, role } });
    const signInUrl = String(body.signInUrl);
    return { id: String(body.user.id), email, signInUrl, token: signInUrl.split('#token=')[1] ?? '' };
  }

  async function signedIn() {
    const person = await invite();
    return { ...person, cookie: cookieOf(await browse('POST', '/api/v1/session', { body: { token: person.token } })) };
  }

  return { browse, invite, signedIn };
}

/** The cookie that an answer sets, as a browser sends it back. */
export function cookieOf(answer: Answer): string {
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}
