import path from 'node:path';
import express, { type Express, type RequestHandler, type Response } from 'express';
import type { MedusaContainer } from '@medusajs/framework/types';
import type { Knex } from '@medusajs/framework/mikro-orm/knex';
import { Modules } from '@medusajs/framework/utils';
import { APP_ROOT } from './app-root';
import type { Settings } from './settings';

// Styles may be set from script (React's style attribute); script itself only comes from files of ours.
const contentSecurity = (pictures: string) =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: ${pictures}`,
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

// An owner may give products pictures from elsewhere. The admin's own pages load nothing from outside.
const STOREFRONT_CSP = contentSecurity('https:');
const ADMIN_CSP = contentSecurity('');

/** Paths that are not the storefront's: it never answers there. */
const OTHER_PATHS = /^\/(app|admin|store|auth|hooks|health|static|pictures|flags|shop\.json)(\/|$)/;

/** Headers for every answer, API and admin included. */
export const securityHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'X-Frame-Options': 'DENY',
  });
  next();
};

/**
 * Shops under one domain are the same "site" for a cookie, so SameSite doesn't keep one shop's page
 * from posting to another's admin. The browser says where a request comes from; programs don't send this.
 */
export const refuseForeignPages: RequestHandler = (req, res, next) => {
  const foreign = ['same-site', 'cross-site'].includes(req.get('sec-fetch-site') ?? '');
  const reads = ['GET', 'HEAD', 'OPTIONS'].includes(req.method);
  if (!foreign || reads || !req.headers.cookie) return next();
  res.status(403).json({ type: 'not_allowed', message: 'This request came from another site.' });
};

/** `/health` says that the process is well. This says that it can sell, which takes its database. */
export function readiness(sql: () => Knex): RequestHandler {
  return (_req, res) => {
    sql()
      .raw('SELECT 1')
      .then(
        () => res.send('OK'),
        () => res.status(503).send('The database does not answer.'),
      );
  };
}

/** What the storefront needs to know to begin. The name is read each time: its owner may change it in the admin. */
export function shopDescription(container: MedusaContainer, { identity }: Settings): RequestHandler {
  return (_req, res, next) => {
    container
      .resolve(Modules.STORE)
      .listStores({}, { take: 1, select: ['name'] })
      .then(([store]) => {
        const body = { name: store?.name, publishableKey: identity.publishableKey, adminUrl: '/app' };
        res.set('Cache-Control', 'no-cache').json(body);
      })
      .catch(next);
  };
}

/** For the admin's pages, which Medusa serves. */
export const adminHeaders: RequestHandler = (_req, res, next) => {
  res.set('Content-Security-Policy', ADMIN_CSP);
  next();
};

/** Product pictures of the template, flags for the admin, and the owner's uploads. */
export function servePictures(app: Express, { uploadsDir }: Settings): void {
  const flags = path.join(path.dirname(require.resolve('flag-icons/package.json')), 'flags/4x3');
  app.use('/flags', harmless, express.static(flags, { maxAge: '30d', fallthrough: false }));
  app.use('/pictures', harmless, express.static(path.join(APP_ROOT, 'pictures'), { maxAge: '1d', fallthrough: false }));
  app.use('/static', harmless, privateFiles(uploadsDir));
  app.use(
    '/static',
    express.static(path.join(uploadsDir, 'public'), { maxAge: '1d', fallthrough: false, index: false }),
  );
}

/** An uploaded SVG or HTML opened by itself must not run script on the shop's origin. */
const harmless: RequestHandler = (_req, res, next) => {
  res.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  next();
};

/** Exports of orders and customers: only for who is signed in to the admin. */
function privateFiles(uploadsDir: string): RequestHandler {
  const files = express.static(path.join(uploadsDir, 'private'), {
    cacheControl: false,
    fallthrough: false,
    index: false,
  });
  return (req, res, next) => {
    if (!req.path.startsWith('/private-')) return next();
    const login = (req.session as { auth_context?: { actor_type?: string } }).auth_context;
    if (login?.actor_type !== 'user') return void res.sendStatus(404);
    res.set('Cache-Control', 'private, no-store');
    files(req, res, next);
  };
}

/** The built storefront, and its index.html for every page address that it routes by itself. */
export function serveStorefront(app: Express, { storefrontDir }: Settings): void {
  const files = express.static(storefrontDir, { index: false, redirect: false, setHeaders: storefrontHeaders });
  app.use((req, res, next) => (OTHER_PATHS.test(req.path) ? next() : files(req, res, next)));
  app.get('*', (req, res, next) => {
    const page = !OTHER_PATHS.test(req.path) && !path.extname(req.path) && req.accepts('html');
    if (!page) return next();
    res.sendFile('index.html', { root: storefrontDir, cacheControl: false, headers: pageHeaders }, next);
  });
}

const pageHeaders = { 'Cache-Control': 'no-cache', 'Content-Security-Policy': STOREFRONT_CSP };

function storefrontHeaders(res: Response, file: string): void {
  if (file.endsWith('.html')) res.set(pageHeaders);
  // Vite puts a hash into the name of everything below assets/.
  else if (path.basename(path.dirname(file)) === 'assets')
    res.set('Cache-Control', 'public, max-age=31536000, immutable');
}
