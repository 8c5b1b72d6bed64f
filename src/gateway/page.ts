import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ERRORS } from '../errors.ts';
import type { Answer } from './answers.ts';

const STYLE = `
:root{color-scheme:light dark;--ink:#1c1917;--soft:#57534e;--paper:#fafaf9;--line:#e7e5e4}
@media (prefers-color-scheme:dark){:root{--ink:#f5f5f4;--soft:#a8a29e;--paper:#1c1917;--line:#44403c}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);
font:1.0625rem/1.6 system-ui,sans-serif}
main{max-width:32rem;margin:1.5rem;padding-left:1.5rem;border-left:.25rem solid var(--line)}
h1{margin:0 0 .5rem;font-size:1.75rem;line-height:1.25;text-wrap:balance}
p{margin:0;color:var(--soft)}
small{display:block;margin-top:1.5rem;color:var(--soft);font-size:.8125rem}`;

const POLICY = `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/**
 * Sends the gateway's own answer: a page to who asks for HTML by name (browsers do), otherwise the platform's one error
 * body (API-7). Nothing on the page comes from elsewhere, and no script runs.
 */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  correlationId: string = randomUUID(),
): void {
  const html = /\b(text\/html|application\/xhtml\+xml)\b/i.test(request.headers.accept ?? '');
  const body = html ? page(answer) : errorBody(answer, correlationId);
  const headers: Record<string, string | number> = {
    'content-type': html ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-correlation-id': correlationId,
    vary: 'accept',
  };
  if (html) headers['content-security-policy'] = POLICY;
  if (answer.retryAfter !== undefined) headers['retry-after'] = String(answer.retryAfter);
  // An unread body would keep the connection busy for an answer that is final.
  if (hasBody(request)) headers.connection = 'close';
  response.writeHead(ERRORS[answer.code], headers);
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The same for a connection that asked to become a WebSocket, which has no response object. */
export function rawAnswer(answer: Answer): string {
  const body = errorBody(answer, randomUUID());
  const retry = answer.retryAfter === undefined ? '' : `Retry-After: ${answer.retryAfter}\r\n`;
  return (
    `HTTP/1.1 ${ERRORS[answer.code]} ${answer.title}\r\nContent-Type: application/json; charset=utf-8\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n${retry}Connection: close\r\n\r\n${body}`
  );
}

function errorBody(answer: Answer, correlationId: string): string {
  const { code, title, text } = answer;
  const error = { code, message: `${title}. ${text}`, details: {}, timestamp: new Date().toISOString(), correlationId };
  return JSON.stringify({ error });
}

/** All text is ours, from the table of answers: nothing of a shop or a request goes into the page. */
function page(answer: Answer): string {
  const refresh = answer.refresh ? `<meta http-equiv="refresh" content="${answer.retryAfter ?? 3}">` : '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${answer.title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">${refresh}
<link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><main><h1>${answer.title}</h1><p${answer.refresh ? ' role="status"' : ''}>${answer.text}</p>
<small>Store Platform</small></main></body></html>\n`;
}

function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}
