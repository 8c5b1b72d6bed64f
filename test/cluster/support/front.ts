import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An address of this machine that leads to one host name of the cluster's ingress, which no resolver here knows. */
export interface Front {
  url: string;
  close(): Promise<void>;
}

export async function openFront(ingress: string, host: string): Promise<Front> {
  const server = createServer((incoming, answer) => {
    const headers = { ...incoming.headers, host };
    const outgoing = request({ host: ingress, port: 80, path: incoming.url, method: incoming.method, headers });
    outgoing.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    answer.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
