/** Who calls: nobody, a member who owns nothing here, the member who owns what is asked for, an admin. */
export const CALLERS = ['stranger', 'otherUser', 'owner', 'admin'] as const;
export type Caller = (typeof CALLERS)[number];

/** The HTTP status that each kind of caller gets for a well-formed request. */
export type Row = Readonly<Record<Caller, number>>;

const row = (stranger: number, otherUser: number, owner: number, admin: number): Row => ({
  stranger,
  otherUser,
  owner,
  admin,
});
const everyone = (status: number) => row(status, status, status, status);
const signedIn = (status: number) => row(401, status, status, status);
const ownerAndAdmin = (status: number) => row(401, 404, status, status);
const adminOnly = (status: number) => row(401, 403, 403, status);

/**
 * The authorization matrix: every route, every kind of caller. The guard reads it, a route without a row does not
 * build, and the tests call each route as each caller (IDN-1, IDN-2).
 *
 * 401 and 403 are decided here, before anything is read. A 404 for another's property comes from row-level
 * security in the database, which simply has no such row for them.
 */
const MATRIX: Readonly<Record<string, Row>> = {
  'GET /health': everyone(200),
  'GET /health/live': everyone(200),
  'GET /health/ready': everyone(200),
  'GET /metrics': adminOnly(200),

  'GET /': everyone(200),
  'GET /sign-in': everyone(200),
  'GET /stores/new': everyone(200),
  'GET /stores/:id': everyone(200),
  'GET /live': everyone(200),
  'GET /account': everyone(200),
  'GET /people': everyone(200),
  'GET /system': everyone(200),
  'GET /assets/*': everyone(200),
  'GET /openapi.json': signedIn(200),
  'GET /api-docs': signedIn(200),

  'POST /api/v1/session': everyone(200),
  'DELETE /api/v1/session': signedIn(204),
  'GET /api/v1/me': signedIn(200),
  'PUT /api/v1/me/password': signedIn(204),

  'GET /api/v1/engines': signedIn(200),

  'GET /api/v1/stores': signedIn(200),
  'POST /api/v1/stores': signedIn(202),
  'GET /api/v1/stores/events/stream': signedIn(200),
  'GET /api/v1/stores/:id': ownerAndAdmin(200),
  'DELETE /api/v1/stores/:id': ownerAndAdmin(202),
  'POST /api/v1/stores/:id/retry': ownerAndAdmin(202),
  'POST /api/v1/stores/:id/upgrade': ownerAndAdmin(202),
  'POST /api/v1/stores/:id/rollback': ownerAndAdmin(202),
  'GET /api/v1/stores/:id/events': ownerAndAdmin(200),
  'GET /api/v1/stores/:id/credentials': ownerAndAdmin(200),
  'GET /api/v1/stores/:id/logs': ownerAndAdmin(200),
  'GET /api/v1/stores/:id/usage': ownerAndAdmin(200),

  'GET /api/v1/api-keys': signedIn(200),
  'POST /api/v1/api-keys': signedIn(201),
  'DELETE /api/v1/api-keys/:id': ownerAndAdmin(204),

  'GET /api/v1/users': adminOnly(200),
  'POST /api/v1/users': adminOnly(201),
  'GET /api/v1/users/:id': adminOnly(200),
  'PATCH /api/v1/users/:id': adminOnly(200),
  'DELETE /api/v1/users/:id': adminOnly(204),
  'POST /api/v1/users/:id/suspend': adminOnly(200),
  'POST /api/v1/users/:id/unsuspend': adminOnly(200),
  'POST /api/v1/users/:id/sign-in-links': adminOnly(201),
  'GET /api/v1/users/:id/api-keys': adminOnly(200),
  'POST /api/v1/users/:id/api-keys': adminOnly(201),

  'GET /api/v1/audit-log': signedIn(200),

  'POST /api/v1/live/tickets': signedIn(201),

  'GET /api/v1/system': adminOnly(200),

  // Or signed by the source itself, which has no other way in.
  'POST /api/v1/orders': ownerAndAdmin(202),
  'GET /api/v1/orders': signedIn(200),
  'GET /api/v1/orders/summary': signedIn(200),
  'POST /api/v1/orders/rebuild': adminOnly(202),
  'GET /api/v1/orders/dead': adminOnly(200),
  'POST /api/v1/orders/dead/retry': adminOnly(202),

  'GET /api/v1/order-sources': signedIn(200),
  'POST /api/v1/order-sources': signedIn(201),
  'GET /api/v1/order-sources/:id': ownerAndAdmin(200),
  'PATCH /api/v1/order-sources/:id': ownerAndAdmin(200),
  'DELETE /api/v1/order-sources/:id': ownerAndAdmin(204),
  'POST /api/v1/order-sources/:id/secrets': ownerAndAdmin(201),
  'POST /api/v1/order-sources/:id/woocommerce': ownerAndAdmin(202),

  'GET /api/v1/orphans': adminOnly(200),
  'POST /api/v1/orphans/confirm': adminOnly(202),
};

/** All routes that have a row, as `METHOD /path`. */
export const ROUTES: readonly string[] = Object.keys(MATRIX);

/** The row of a route. HEAD counts as GET, and all parts of the API's documentation page as the page itself. */
export function rowOf(method: string, url: string): Row | null {
  const path = url.startsWith('/api-docs/') ? '/api-docs' : url;
  return MATRIX[`${method === 'HEAD' ? 'GET' : method} ${path}`] ?? null;
}

/** What the guard answers before the route is run: null where it may run. */
export function refusal(entry: Row, caller: { role: 'admin' | 'member' } | null): 401 | 403 | null {
  if (caller === null) return entry.stranger === 401 ? 401 : null;
  return caller.role === 'member' && entry.owner === 403 ? 403 : null;
}
