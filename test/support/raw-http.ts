import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
}

export interface Ask {
  host: string;
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** One request to a server on this machine under any host name: names below `.localhost` need no resolver so. */
export function ask(port: number, { host, path = '/', method = 'GET', headers = {}, body }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers: { host, ...headers }, agent: false });
    outgoing.on('error', reject);
    outgoing.on('response', (answer) => {
      const { statusCode = 0, headers: received, rawHeaders } = answer;
      text(answer).then((whole) => resolve({ status: statusCode, headers: received, rawHeaders, body: whole }), reject);
    });
    outgoing.end(body);
  });
}

/** Sends bytes as they are and resolves to all that comes back until the other side hangs up, or `until` is seen. */
export function sendRaw(port: number, bytes: string, until?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (until !== undefined && received.includes(until)) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}
