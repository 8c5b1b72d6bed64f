// The smallest shop: one product, orders with numbers, a receipt as a file for each.
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, databaseShop } from './database-shop.mjs';
import { fileShop } from './file-shop.mjs';

const { DATABASE_URL, HOME, HOST, PORT, UPLOADS_DIR, CRASH } = process.env;
if (CRASH) {
  process.stderr.write(`it will not start: ${CRASH}\n`);
  process.exit(1);
}
// The first process of a container gets no signal that it does not listen to.
process.on('SIGTERM', () => process.exit(0));
const say = (text) => process.stdout.write(`${text}\n`);
const shop = DATABASE_URL ? databaseShop(DATABASE_URL, say) : fileShop(HOME);

const routes = {
  '/health': async () => 'ok',
  '/orders': shop.orders,
  '/buy': async () => {
    const order = await shop.buy();
    await writeFile(`${UPLOADS_DIR}/receipt-${order.id}.txt`, `order ${order.id}`);
    return order;
  },
  '/env': async () => Object.keys(process.env).toSorted(),
  '/read': async ({ path }) => (await readFile(path, 'utf8')).length,
  '/connect': ({ url }) => connect(url),
  '/alter': ({ sql }) => shop.alter(sql),
  '/pid': async () => process.pid,
  '/crash': async () => setImmediate(() => process.exit(3)) && 'bye',
};

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://shop');
  // Whoever looks after the shop asks for its health all the time.
  if (pathname !== '/health') say(`${request.method} ${pathname}`);
  try {
    const answer = await routes[pathname](Object.fromEntries(searchParams));
    response.end(JSON.stringify(answer));
  } catch (error) {
    response.statusCode = 500;
    response.end(JSON.stringify({ error: error.message }));
  }
}).listen(Number(PORT), HOST, () => say('the tiny shop is open'));
