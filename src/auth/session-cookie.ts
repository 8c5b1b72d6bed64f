/** How long a person stays signed in, in seconds. */
export const SESSION_SECONDS = 14 * 24 * 3600;

export interface SessionCookie {
  name: string;
  options: { httpOnly: true; sameSite: 'lax'; path: '/'; secure: boolean; maxAge: number };
}

/**
 * The cookie of the dashboard. Over TLS its name carries `__Host-`, which ties it to this very host; without TLS a
 * browser would refuse such a name. Lax, so that a link in a mail
 * finds people signed in; what changes anything is guarded by its origin instead.
 */
export function sessionCookie(publicUrl: string): SessionCookie {
  const secure = publicUrl.startsWith('https:');
  return {
    name: secure ? `__Host-${BASE_NAME}` : BASE_NAME,
    options: { httpOnly: true, sameSite: 'lax', path: '/', secure, maxAge: SESSION_SECONDS },
  };
}

const BASE_NAME = 'store_platform_session';
