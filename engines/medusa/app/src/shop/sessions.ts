import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import session, { type SessionData } from 'express-session';
import type { Knex } from '@medusajs/framework/mikro-orm/knex';

const TEN_HOURS = 10 * 60 * 60 * 1000;

type Done = (error?: unknown, data?: SessionData | null) => void;

/** Made once, in the template. */
export const SESSION_TABLE = `
  CREATE TABLE IF NOT EXISTS login_session (
    sid text PRIMARY KEY, data jsonb NOT NULL, expires_at timestamptz NOT NULL
  )`;

/**
 * Medusa keeps logins in memory when it has no Redis, so that a store that sleeps, restarts or is
 * restored signs its admin out. Kept in the store's own database they survive. express-session
 * skips a request that has a session already, so this one, registered first, replaces Medusa's.
 */
export function databaseSessions(sql: () => Knex, secret: string, storeKey: string): RequestHandler {
  return session({
    // Cookies ignore ports: on 127.0.0.1 two stores would overwrite each other's login under one name.
    name: `shop_${createHash('sha256').update(storeKey).digest('hex').slice(0, 12)}`,
    secret,
    store: new DatabaseStore(sql),
    resave: false,
    saveUninitialized: false,
    proxy: true,
    // "auto": Secure behind TLS, and still usable over plain http on the loopback.
    cookie: { sameSite: 'lax', httpOnly: true, secure: 'auto', maxAge: TEN_HOURS },
  });
}

class DatabaseStore extends session.Store {
  constructor(private readonly sql: () => Knex) {
    super();
  }

  override get(sid: string, done: Done): void {
    const query = this.table().where({ sid }).andWhere('expires_at', '>', new Date()).first('data');
    settle(
      query.then((row?: { data: SessionData }) => row?.data ?? null),
      done,
    );
  }

  override set(sid: string, data: SessionData, done: Done): void {
    const row = { sid, data: JSON.stringify(data), expires_at: expiry(data) };
    settle(
      this.sweep()
        .then(() => this.table().insert(row).onConflict('sid').merge())
        .then(() => null),
      done,
    );
  }

  override destroy(sid: string, done: Done): void {
    settle(
      this.table()
        .where({ sid })
        .del()
        .then(() => null),
      done,
    );
  }

  private table() {
    return this.sql()('login_session');
  }

  /** Logins are rare, so each one clears away what has expired. */
  private async sweep(): Promise<void> {
    await this.table().where('expires_at', '<', new Date()).del();
  }
}

function expiry(data: SessionData): Date {
  return new Date(data.cookie.expires ?? Date.now() + TEN_HOURS);
}

function settle(result: Promise<SessionData | null>, done: Done): void {
  result.then((data) => done(null, data), done);
}
