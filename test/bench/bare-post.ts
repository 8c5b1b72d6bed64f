import Fastify from 'fastify';

/** What taking a request costs that does nothing with its JSON. In a process of its own. Argument: a port. */
const app = Fastify();
app.post('/', (_request, reply) => reply.code(202).send({ accepted: 1, duplicates: 0 }));
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
process.stdout.write('listening\n');
