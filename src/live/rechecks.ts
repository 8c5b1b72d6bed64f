import type { Identity } from '../auth/identity.ts';
import type { HeldCredential } from '../db/live-tickets.ts';

type Look = (held: HeldCredential) => Promise<Identity | null>;

/**
 * Makes one look at a credential of those that many sockets want of it at the same moment. Never of a look that has
 * begun: what it sees may be older than what made them ask.
 */
export function together(look: Look): Look {
  const waiting = new Map<string, Promise<Identity | null>>();
  return (held) => {
    const key = `${held.credentialKind} ${held.credentialId} ${held.userId}`;
    let answer = waiting.get(key);
    if (!answer) {
      answer = new Promise<void>(setImmediate).then(() => {
        waiting.delete(key);
        return look(held);
      });
      waiting.set(key, answer);
    }
    return answer;
  };
}
