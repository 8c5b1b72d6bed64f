import { existsSync } from 'node:fs';
import { join } from 'node:path';
import serveStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import { root } from '../../root.ts';
import { DASHBOARD_POLICY } from '../plugins/security-headers.ts';

const BUILT = join(root, 'dist/dashboard');
/** The addresses that the dashboard itself gives to its pages (dashboard/src/router.tsx). All else is not found. */
const PAGES = ['/', '/sign-in', '/stores/new', '/stores/:id', '/live', '/account', '/people', '/system'];

/**
 * The dashboard as files: nothing is made anew, and nobody has to be signed in to load it. What is below /assets/ has a
 * hash of its content in its name and is kept for ever; the page that names it is asked for each time, and is mostly
 * found unchanged.
 */
export async function dashboard(app: FastifyInstance, { files = BUILT }: { files?: string }): Promise<void> {
  await app.register(serveStatic, {
    root: join(files, 'assets'),
    prefix: '/assets/',
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: '1y',
    suppressWarning: true, // where it is not built, its pages say so
  });
  const sendPage = (_request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (!existsSync(join(files, 'index.html'))) {
      throw new AppError('DEPENDENCY_UNAVAILABLE', 'The dashboard is not built: npm run build');
    }
    return reply
      .headers({ 'content-security-policy': DASHBOARD_POLICY, 'cache-control': 'no-cache' })
      .sendFile('index.html', files, { cacheControl: false });
  };
  for (const page of PAGES) app.get(page, { schema: { hide: true } }, sendPage);
}
