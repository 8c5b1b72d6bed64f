import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';

/**
 * Answers what no route takes: 405 with `Allow` where the address exists for other methods, else 404; once its sender
 * has been let in, and before anything of a body is read. Call it before the routes are made: it learns them as they
 * come.
 */
export function unknownRoutes(app: FastifyInstance): void {
  const known = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const entry = known.get(url) ?? { pattern: toPattern(url), methods: new Set() };
    for (const name of [method].flat()) entry.methods.add(name);
    known.set(url, entry);
  });

  const refuse = (request: FastifyRequest, reply: FastifyReply): AppError => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = new Set<string>();
    for (const { pattern, methods } of known.values()) {
      if (pattern.test(path)) for (const method of methods) allowed.add(method);
    }
    if (allowed.size === 0) return new AppError('NOT_FOUND', 'There is nothing at this address.');
    reply.header('allow', [...allowed].join(', '));
    return new AppError('METHOD_NOT_ALLOWED', `${request.method} is not possible here.`, {
      details: { allowed: [...allowed] },
    });
  };
  app.addHook('onRequest', (request, reply, done) => (request.is404 ? done(refuse(request, reply)) : done()));
  app.setNotFoundHandler((request, reply) => {
    throw refuse(request, reply);
  });
}

/** `/stores/:id` → every path of that form. */
function toPattern(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)))
    .join('/');
  return new RegExp(`^${source}$`);
}
