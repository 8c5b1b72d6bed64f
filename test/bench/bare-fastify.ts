import { readFileSync } from 'node:fs';
import Fastify from 'fastify';

/**
 * What a route costs that does nothing: answers the same JSON from memory. In a process of its own, as the platform is.
 * Arguments: a file with the body, a port.
 */
const [file = '', port = '0'] = process.argv.slice(2);
const body: unknown = JSON.parse(readFileSync(file, 'utf8'));
const app = Fastify();
app.get('/', () => body);
await app.listen({ port: Number(port), host: '127.0.0.1' });
process.stdout.write('listening\n');
