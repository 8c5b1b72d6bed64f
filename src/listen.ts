import { once } from 'node:events';
import type { Server } from 'node:http';

const WORDS: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (_host, port) =>
    `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=${port + 1} npm start`,
  EACCES: (_host, port) => `This user may not listen on port ${port}. Choose one above 1023: PORT=3001 npm start`,
  EADDRNOTAVAIL: (host) => `HOST=${host} is no address of this machine. 127.0.0.1 is its own, 0.0.0.0 are all of them.`,
  ENOTFOUND: (host) => `HOST=${host} is a name that leads to no address. 127.0.0.1 is this machine's own.`,
};

/** Starts to listen. Rejects with what to do when that is not possible. */
export async function listen(server: Server, { HOST, PORT }: { HOST: string; PORT: number }): Promise<void> {
  server.listen(PORT, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    const words = WORDS[(error as NodeJS.ErrnoException).code ?? ''];
    throw words ? new Error(words(HOST, PORT), { cause: error }) : error;
  }
}
