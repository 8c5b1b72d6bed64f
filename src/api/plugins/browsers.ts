import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A person looks at a page, and no program at data: below `/api/` all is data. */
export function prefersHtml(request: FastifyRequest): boolean {
  const { method, url, headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return false;
  return !url.startsWith('/api/') && (headers.accept ?? '').includes('text/html');
}

/**
 * Sends a browser at `127.0.0.1` or `[::1]` to the platform's name (trap 3): cookies ignore ports, so whatever else
 * runs on this address would be given ours. There they count on the platform's own name only.
 */
export function browsers(app: FastifyInstance, publicUrl: string): void {
  const own = new URL(publicUrl).hostname;
  app.addHook('onRequest', (request, reply, done) => {
    const elsewhere = isLoopback(request.hostname) && request.hostname !== own;
    if (elsewhere && prefersHtml(request)) reply.redirect(publicUrl + request.url, 302);
    else done();
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === '[::1]' || hostname === '::1' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
