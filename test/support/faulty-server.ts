import type { DatabaseServer, Query } from '../../src/runtimes/local/server.ts';

/** The end of the one that was working: nothing that it still had to do is done. */
export class Killed extends Error {}

/**
 * A database server as seen by somebody who is killed before the n-th statement (from 0) that he sends under a lock.
 * `sent` says how many there were.
 */
export function killedBefore(server: DatabaseServer, n: number): DatabaseServer & { sent: () => number } {
  let sent = 0;
  const mortal = (query: Query): Query => {
    return (text, values) => {
      if (sent >= n) throw new Killed(`killed before: ${text}`);
      sent += 1;
      return query(text, values);
    };
  };
  return {
    ...server,
    alone: (lock, signal, work) => server.alone(lock, signal, (query) => work(mortal(query))),
    inside: (database, work) => server.inside(database, (query) => work(mortal(query))),
    sent: () => sent,
  };
}
