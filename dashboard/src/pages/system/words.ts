const PARTS: Record<string, string> = { api: 'API', database: 'Database', orchestrator: 'Orchestrator' };

export function partTitle(name: string): string {
  return PARTS[name] ?? capital(name);
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `45 seconds`, `3 hours`, `1 day`: its largest unit is what people look for. */
export function lasting(seconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => seconds >= each) ?? ['second', 1];
  const number = Math.floor(seconds / size);
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}

/** What the platform calls an action, and what people call it. */
const ACTIONS: Record<string, string> = {
  'store.create': 'Ordered a store',
  'store.delete': 'Deleted a store',
  'store.deleted': 'A store is gone',
  'store.retry': 'Retried a store',
  'store.credentials': 'Looked at a store’s credentials',
  'store.logs': 'Looked at a store’s logs',
  'session.create': 'Signed in',
  'session.end': 'Signed out',
  'password.set': 'Set their password',
  'api-key.create': 'Made an API key',
  'api-key.revoke': 'Revoked an API key',
  'user.invite': 'Invited a person',
  'user.role': 'Changed a person’s role',
  'user.suspend': 'Suspended a person',
  'user.unsuspend': 'Let a person in again',
  'user.remove': 'Removed a person',
  'user.sign-in-link': 'Made a sign-in link',
  'orphans.confirm': 'Had leftovers removed',
};

export function actionTitle(action: string): string {
  return ACTIONS[action] ?? capital(action.replaceAll(/[.-]/g, ' '));
}
