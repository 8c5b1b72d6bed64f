import { posix } from 'node:path';

/**
 * `$_SERVER` as `php -S` makes it. Values are text: bytes of a header that are not UTF-8 are replaced.
 *
 * @param request a `http.IncomingMessage`, or what looks like one
 * @param site `{ host, port, root, router, version }`: address as given, absolute paths, PHP's version
 * @param kindOf says whether a path of the host is a `file`, a `folder` or `null`
 */
export function serverVariables(request, site, kindOf) {
  const [path, query] = splitOnce(request.url, '?');
  const script = findScript(site.root, decodePath(path), kindOf);
  return {
    DOCUMENT_ROOT: site.root,
    REMOTE_ADDR: request.socket.remoteAddress ?? '',
    REMOTE_PORT: String(request.socket.remotePort ?? ''),
    SERVER_SOFTWARE: `PHP/${site.version} (Development Server)`,
    SERVER_PROTOCOL: `HTTP/${request.httpVersion}`,
    SERVER_NAME: site.host,
    SERVER_PORT: String(site.port),
    REQUEST_URI: request.url,
    REQUEST_METHOD: request.method,
    SCRIPT_NAME: script.name,
    SCRIPT_FILENAME: script.file ?? site.router,
    ...(script.pathInfo ? { PATH_INFO: script.pathInfo } : {}),
    PHP_SELF: script.name + script.pathInfo,
    ...(query === undefined ? {} : { QUERY_STRING: query }),
    ...headerVariables(request.headers),
    ...signIn(request.headers.authorization),
  };
}

/** Names with an underscore are dropped: `X_Forwarded_For` would pass for `X-Forwarded-For`. So is `Proxy` (httpoxy). */
function headerVariables(headers) {
  const variables = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.includes('_') || name === 'proxy') continue;
    const key = name.toUpperCase().replaceAll('-', '_');
    const text = utf8(Array.isArray(value) ? value.join(', ') : value);
    variables[`HTTP_${key}`] = text;
    if (key === 'CONTENT_TYPE' || key === 'CONTENT_LENGTH') variables[key] = text;
  }
  return variables;
}

/** HTTP Basic, which application passwords use. */
function signIn(authorization = '') {
  const [scheme, value] = splitOnce(authorization, ' ');
  if (scheme.toLowerCase() !== 'basic' || !value) return {};
  const [user, password] = splitOnce(Buffer.from(value, 'base64').toString('utf8'), ':');
  return password === undefined ? {} : { PHP_AUTH_USER: user, PHP_AUTH_PW: password };
}

/**
 * Which script the path names, as `php -S` looks it up: the longest beginning of the path that exists, if it is a file
 * or a folder with an index. What is behind it is PATH_INFO. A missing name with a dot is a missing file.
 */
function findScript(root, path, kindOf) {
  const whole = posix.normalize(path);
  const none = { name: whole, pathInfo: '' };
  for (let known = whole.replace(/(?<=.)\/+$/, ''); ; known = posix.dirname(known)) {
    const kind = kindOf(posix.join(root, known));
    if (kind === 'file') return { name: known, file: posix.join(root, known), pathInfo: whole.slice(known.length) };
    if (kind === 'folder') return indexOf(root, known, whole, kindOf) ?? none;
    if (known === '/' || posix.basename(known).includes('.')) return none;
  }
}

function indexOf(root, folder, whole, kindOf) {
  const name = posix.join(folder, 'index.php');
  const file = posix.join(root, name);
  const rest = folder === '/' ? whole : whole.slice(folder.length);
  return kindOf(file) === 'file' ? { name, file, pathInfo: rest === '/' ? '' : rest } : null;
}

function decodePath(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Node hands over header bytes as Latin-1. */
function utf8(text) {
  return Buffer.from(text, 'latin1').toString('utf8');
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
