import type { Actor, Database, Tx } from '../db/database.ts';
import { insertSession } from '../db/sessions.ts';
import { insertSignInLink, redeemSignInLink } from '../db/sign-in-links.ts';
import { userByEmail } from '../db/users.ts';
import { verifyPassword } from './password.ts';
import { SESSION_SECONDS } from './session-cookie.ts';
import { hashToken, looksLike, newToken } from './token.ts';

/** How long a one-time link can be used. */
const LINK_SECONDS = 7 * 24 * 3600;

/** The person of this address and password, or null; an unknown address takes as long as a wrong password. */
export async function byPassword(db: Database, email: string, password: string): Promise<Actor | null> {
  const user = await db.asStranger((tx) => userByEmail(tx, email.trim()));
  const right = await verifyPassword(password, user?.passwordHash ?? null);
  return right && user ? { userId: user.userId, email: user.email, role: user.role } : null;
}

/** The person that a one-time link was made for, or null; the link is used up. */
export async function byLink(db: Database, token: string): Promise<Actor | null> {
  if (!looksLike('signInLink', token)) return null;
  const user = await db.asStranger((tx) => redeemSignInLink(tx, hashToken(token)));
  return user && { userId: user.userId, email: user.email, role: user.role };
}

/** Begins a session. Returns the cookie's secret value and when it ends. */
export async function beginSession(
  tx: Tx,
  session: { userId: string; userAgent: string | null; address: string | null },
): Promise<{ token: string; expiresAt: Date }> {
  const token = newToken('session');
  const expiresAt = inSeconds(SESSION_SECONDS);
  await insertSession(tx, { ...session, tokenHash: hashToken(token), expiresAt });
  return { token, expiresAt };
}

/**
 * Makes a one-time link. The secret is in the fragment, which browsers send nowhere: the page posts it, so that
 * previews of links in mails and chats do not use it up.
 */
export async function makeSignInLink(
  tx: Tx,
  userId: string,
  publicUrl: string,
): Promise<{ signInUrl: string; expiresAt: Date }> {
  const token = newToken('signInLink');
  const expiresAt = inSeconds(LINK_SECONDS);
  await insertSignInLink(tx, { tokenHash: hashToken(token), userId, expiresAt });
  return { signInUrl: `${publicUrl}/sign-in#token=${token}`, expiresAt };
}

/** How long ago a session began, in seconds. */
export function sessionAge(expiresAt: Date): number {
  return SESSION_SECONDS - (expiresAt.getTime() - Date.now()) / 1000;
}

function inSeconds(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}
