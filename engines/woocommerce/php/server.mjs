import { createServer } from 'node:http';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Complaint } from './arguments.mjs';
import { readBody } from './body.mjs';
import { foldersToMount } from './mounts.mjs';
import { startPool } from './pool.mjs';
import { serverVariables } from './request.mjs';
import { answerOf } from './response.mjs';
import { serverSettings } from './settings.mjs';

/** More than this many requests in line are refused: the last would wait longer than any client does. */
const LONGEST_QUEUE = 200;

/**
 * The web server of `php -S HOST:PORT -t ROOT router.php`. Ends the process: 0 after SIGTERM or SIGINT, once everything
 * that was asked is answered, and 1 when it can't start.
 */
export async function serve({ settings, host, port, root, router }) {
  const site = { host, port, root: resolve(root), router: resolve(router) };
  const server = createServer({ keepAliveTimeout: 5_000, requestTimeout: 120_000 });
  await listen(server, site);
  const pool = startPool(interpreterOf(settings, site), { log, onFatal: () => exit('PHP does not start.') });
  const requests = new Set();
  server.on('request', (request, response) => {
    const done = handle(request, response, site, pool).finally(() => requests.delete(done));
    requests.add(done);
  });
  stopOnSignal(server, requests);
  const version = await pool.version();
  log(`PHP ${version} Development Server (http://${host}:${port}) started`);
}

function listen(server, { host, port }) {
  return new Promise((done, failed) => {
    server.once('error', (error) => {
      const reason = error.code === 'EADDRINUSE' ? 'Address already in use' : error.message;
      failed(new Complaint(`Failed to listen on ${host}:${port} (reason: ${reason})`));
    });
    server.listen(port, host, done);
  });
}

function interpreterOf(settings, site) {
  const folders = [site.root, process.cwd()];
  return {
    ini: serverSettings(settings, process.env.TMPDIR),
    mounts: foldersToMount({ settings, files: [site.router], folders, env: process.env }),
    cwd: process.cwd(),
    env: { ...process.env },
    // Opcache works for the servers that it knows by name only.
    sapi: 'cli-server',
    router: site.router,
  };
}

async function handle(request, response, site, pool) {
  try {
    const body = await readBody(request);
    if (!body) refuse(request, response, 413, 'Content Too Large');
    else if (pool.waiting() >= LONGEST_QUEUE) refuse(request, response, 503, 'Service Unavailable');
    else await answer(request, response, await runPhp(request, response, body, site, pool));
  } catch (error) {
    if (!response.destroyed) log(`${request.method} ${pathOf(request)}: ${error.message}`);
    fail(response);
  }
}

async function runPhp(request, response, body, site, pool) {
  const { host, cookie, 'content-type': type } = request.headers;
  const headers = { host, cookie, 'content-type': type, 'content-length': String(body.length) };
  const variables = serverVariables(request, { ...site, version: await pool.version() }, kindOf);
  const job = {
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
    variables,
    body,
  };
  return await pool.run(job, () => !response.destroyed);
}

async function answer(request, response, result) {
  if (!result || response.destroyed) return;
  const { status, headers, body } = answerOf(JSON.parse(result.head), result.body, request.method === 'HEAD');
  await new Promise((done) => {
    response.on('close', done);
    response.writeHead(status, headers);
    response.end(body);
  });
}

/** The connection is closed, because the rest of the body was not read. */
function refuse(request, response, status, text) {
  response.writeHead(status, { 'Content-Type': 'text/plain', Connection: 'close' });
  response.end(`${text}\n`, () => request.destroy());
}

function fail(response) {
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { 'Content-Type': 'text/plain' }).end('Internal Server Error\n');
}

function kindOf(path) {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    return null;
  }
}

function stopOnSignal(server, requests) {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    server.close();
    server.closeIdleConnections();
    // More may come on connections that are open.
    while (requests.size > 0) await Promise.allSettled(requests);
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Without the query, which may hold secrets. */
function pathOf({ url }) {
  return url.split('?', 1)[0];
}

function log(text) {
  process.stderr.write(`[${new Date().toUTCString()}] ${text}\n`);
}

function exit(reason) {
  log(reason);
  process.exit(1);
}
