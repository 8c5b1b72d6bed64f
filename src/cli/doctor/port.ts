import { once } from 'node:events';
import { createServer } from 'node:net';
import { missing, ok, type Check } from './check.ts';

/** Whether the platform's port is free, unless the platform itself holds it. */
export async function checkPort(url: string, running: boolean): Promise<Check> {
  const { hostname, port: given, protocol } = new URL(url);
  const port = Number(given || (protocol === 'https:' ? 443 : 80));
  if (running) return ok('Port', `${port} is held by the platform`);
  const free = await canListen(hostname.replace(/^\[|\]$/g, ''), port);
  if (free) return ok('Port', `${port} is free`);
  return missing('Port', `${port} is taken by another program`, `PORT=${port + 1} npm start`);
}

async function canListen(host: string, port: number): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
