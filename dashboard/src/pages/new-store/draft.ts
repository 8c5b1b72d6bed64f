import type { EngineName } from '../../api/types.ts';

/** What somebody is about to order, kept until the platform has answered: a reload loses and repeats nothing. */
export interface Draft {
  name: string;
  /** Null until somebody chooses; then the first engine that is ready is taken. */
  engine: EngineName | null;
  /** The Idempotency-Key: with it the same order, sent twice, makes one store. */
  key: string;
  /** It was sent with this key, and no answer came. */
  unanswered: boolean;
}

const slot = (userId: string) => `store-platform:new-store:${userId}`;

/** The one of this browser tab, or a new one. */
export function openDraft(userId: string): Draft {
  const fresh: Draft = { name: '', engine: null, key: newKey(), unanswered: false };
  try {
    const kept = JSON.parse(sessionStorage.getItem(slot(userId)) ?? '{}') as Partial<Draft>;
    return { ...fresh, ...kept };
  } catch {
    return fresh; // no storage in this browser, or somebody else wrote there
  }
}

/** Null forgets it. */
export function keepDraft(userId: string, draft: Draft | null): void {
  try {
    if (draft) sessionStorage.setItem(slot(userId), JSON.stringify(draft));
    else sessionStorage.removeItem(slot(userId));
  } catch {
    // no storage in this browser: everything works but a reload
  }
}

/** A changed order is another one, and needs another key once the first may have arrived. */
export function changeDraft(draft: Draft, patch: Partial<Pick<Draft, 'name' | 'engine'>>): Draft {
  const fresh = draft.unanswered ? { key: newKey(), unanswered: false } : {};
  return { ...draft, ...patch, ...fresh };
}

/** `crypto.randomUUID` is only there for pages that came by TLS or from this machine. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
