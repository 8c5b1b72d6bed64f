import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HealthCheck } from './api/deps.ts';
import type { Answer } from './gateway/answers.ts';
import { sendAnswer } from './gateway/page.ts';
import type { Handler } from './http.ts';

/**
 * Answers the health checks (API-2) where the API can't: while the platform starts, and in processes without the role
 * `api`. Everything else gets `otherwise`.
 */
export function healthOnly(checks: () => Promise<Record<string, HealthCheck>>, otherwise: Answer): Handler {
  return async (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === '/health/live') return sendJson(request, response, 200, { status: 'ok' });
    if (path !== '/health/ready' && path !== '/health') return sendAnswer(request, response, otherwise);
    const found = await checks();
    const ready = Object.values(found).every(({ ok }) => ok);
    if (path === '/health')
      return sendJson(request, response, 200, { status: ready ? 'ok' : 'degraded', checks: found });
    if (!ready) response.setHeader('retry-after', '2');
    sendJson(request, response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks: found });
  };
}

function sendJson(request: IncomingMessage, response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(text),
  };
  response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : text);
}
