/** Node writes these itself, from the connection and from the body that it has. */
const NOT_FROM_PHP = new Set(['connection', 'transfer-encoding', 'keep-alive', 'status', 'date']);

/** Statuses whose answers have no body by definition. */
const BODILESS = new Set([204, 304]);

/**
 * What to hand to `response.writeHead` and `response.end`.
 *
 * @param head PHP's own report: `{ status, headers: ['Name: value', …] }`
 * @param isHead true for HEAD, where the length is PHP's word or unknown
 * @returns `{ status, headers, body }` with headers as a flat list, in PHP's order, spelling and number
 */
export function answerOf(head, body, isHead) {
  const status = head.status >= 200 && head.status <= 599 ? head.status : 500;
  const hasBody = !isHead && !BODILESS.has(status);
  const headers = [];
  for (const line of head.headers) {
    const [name, value] = splitHeader(line);
    const lower = name.toLowerCase();
    if (!isName(name) || NOT_FROM_PHP.has(lower)) continue;
    if (lower === 'content-length' && !isHead) continue;
    headers.push(name, latin1(value));
  }
  if (hasBody) headers.push('Content-Length', String(body.length));
  return { status, headers, body: hasBody ? body : undefined };
}

function splitHeader(line) {
  const at = line.indexOf(':');
  return at < 0 ? ['', ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

function isName(name) {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
}

/** Node writes header text as Latin-1, so UTF-8 has to be spelled in it; control characters are not allowed there. */
function latin1(value) {
  const bytes = Buffer.from(value, 'utf8').filter((byte) => byte === 0x09 || (byte >= 0x20 && byte !== 0x7f));
  return Buffer.from(bytes).toString('latin1');
}
