import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readBody } from './body.mjs';
import { serverVariables } from './request.mjs';
import { answerOf } from './response.mjs';

const FILES: Record<string, 'file' | 'folder'> = {
  '/www': 'folder',
  '/www/': 'folder',
  '/www/index.php': 'file',
  '/www/login.php': 'file',
  '/www/admin': 'folder',
  '/www/admin/index.php': 'file',
  '/www/css': 'folder',
  '/www/css/a.css': 'file',
};

function variables(url: string, headers: Record<string, string> = {}) {
  const socket = { remoteAddress: '127.0.0.1', remotePort: 4000 };
  const site = { host: '127.0.0.1', port: 8080, root: '/www', router: '/router.php', version: '8.3.1' };
  const request = { method: 'GET', url, httpVersion: '1.1', headers, socket };
  return serverVariables(request, site, (path) => FILES[path] ?? null);
}

describe('$_SERVER', () => {
  it('names the connection, the address and the request', () => {
    expect(variables('/shop/a%20b?x=1&y=2', { host: 'mug.localhost:3001' })).toEqual({
      DOCUMENT_ROOT: '/www',
      REMOTE_ADDR: '127.0.0.1',
      REMOTE_PORT: '4000',
      SERVER_SOFTWARE: 'PHP/8.3.1 (Development Server)',
      SERVER_PROTOCOL: 'HTTP/1.1',
      SERVER_NAME: '127.0.0.1',
      SERVER_PORT: '8080',
      REQUEST_URI: '/shop/a%20b?x=1&y=2',
      REQUEST_METHOD: 'GET',
      SCRIPT_NAME: '/index.php',
      SCRIPT_FILENAME: '/www/index.php',
      PATH_INFO: '/shop/a b',
      PHP_SELF: '/index.php/shop/a b',
      QUERY_STRING: 'x=1&y=2',
      HTTP_HOST: 'mug.localhost:3001',
    });
  });

  // What php -S 8.2 answered to the same.
  it.each([
    ['/', '/index.php', undefined],
    ['/admin', '/admin/index.php', undefined],
    ['/admin/', '/admin/index.php', undefined],
    ['/admin/x/y/', '/admin/index.php', '/x/y/'],
    ['/login.php/extra', '/login.php', '/extra'],
    ['/css/a.css', '/css/a.css', undefined],
    ['/css/none/x', '/css/none/x', undefined],
    ['/missing.css', '/missing.css', undefined],
    ['/a.b/c', '/a.b/c', undefined],
    ['/a/../login.php', '/login.php', undefined],
    ['/%E0%A4', '/index.php', '/%E0%A4'],
  ])('finds the script of %s', (url, name, pathInfo) => {
    expect(variables(url)).toMatchObject({ SCRIPT_NAME: name, PHP_SELF: name + (pathInfo ?? '') });
    expect(variables(url).PATH_INFO).toBe(pathInfo);
  });

  it('has the headers, but none that could pass for another', () => {
    const headers = { 'content-type': 'text/plain', 'x-forwarded-for': '1.2.3.4', x_forwarded_for: '9', proxy: 'evil' };
    const found = variables('/', headers);
    expect(found).toMatchObject({ CONTENT_TYPE: 'text/plain', HTTP_CONTENT_TYPE: 'text/plain' });
    expect(found.HTTP_X_FORWARDED_FOR).toBe('1.2.3.4');
    expect(found).not.toHaveProperty('HTTP_PROXY');
    expect(found).not.toHaveProperty('HTTPS');
  });

  it('reads the name and the password that HTTP Basic sends', () => {
    const authorization = `Basic ${Buffer.from('us er:p:ü').toString('base64')}`;
    expect(variables('/', { authorization })).toMatchObject({ PHP_AUTH_USER: 'us er', PHP_AUTH_PW: 'p:ü' });
    expect(variables('/', { authorization: 'Bearer x' })).not.toHaveProperty('PHP_AUTH_USER');
  });
});

describe('the answer', () => {
  const body = Buffer.from('hello');

  it('keeps order, spelling and repetition of headers', () => {
    const head = { status: 302, headers: ['X-A: 1', 'Set-Cookie: a=1', 'Set-Cookie: b=2', 'Location: /ü'] };
    const { status, headers } = answerOf(head, body, false);
    expect(status).toBe(302);
    expect(headers.slice(0, 7)).toEqual(['X-A', '1', 'Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Location']);
    expect(Buffer.from(headers[7] ?? '', 'latin1').toString()).toBe('/ü');
  });

  it('counts the body itself, and leaves the connection to Node', () => {
    const head = { status: 200, headers: ['Content-Length: 99', 'Connection: close', 'Transfer-Encoding: chunked'] };
    expect(answerOf(head, body, false)).toEqual({ status: 200, headers: ['Content-Length', '5'], body });
  });

  it.each([204, 304])('has no body with %d', (status) => {
    expect(answerOf({ status, headers: ['ETag: "x"'] }, body, false)).toEqual({
      status,
      headers: ['ETag', '"x"'],
      body: undefined,
    });
  });

  it('has PHP’s word for the length after HEAD', () => {
    const head = { status: 200, headers: ['Content-Length: 99'] };
    expect(answerOf(head, Buffer.alloc(0), true)).toEqual({
      ...head,
      headers: ['Content-Length', '99'],
      body: undefined,
    });
  });

  it('is an error where the status is none, and drops what no header can hold', () => {
    expect(answerOf({ status: 0, headers: ['no header', 'bad name: x', 'X: a\u0001b'] }, body, false)).toMatchObject({
      status: 500,
      headers: ['X', 'ab', 'Content-Length', '5'],
    });
  });
});

describe('the body of a request', () => {
  it('is whole', async () => {
    await expect(readBody(upload(['ab', 'cd']), 4)).resolves.toEqual(Buffer.from('abcd'));
    await expect(readBody(upload([]), 4)).resolves.toEqual(Buffer.alloc(0));
  });

  it('is refused when it is too large, announced or not', async () => {
    await expect(readBody(upload(['ab'], { 'content-length': '5' }), 4)).resolves.toBeNull();
    await expect(readBody(upload(['abc', 'de']), 4)).resolves.toBeNull();
  });
});

function upload(chunks: string[], headers: Record<string, string> = {}) {
  return Object.assign(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), { headers });
}
