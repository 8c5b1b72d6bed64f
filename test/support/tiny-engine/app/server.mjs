// The smallest shop: one product, orders with numbers, a receipt as a file for each.
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Client, Pool } from 'pg';

const { DATABASE_URL, HOST, PORT, UPLOADS_DIR, CRASH } = process.env;
if (CRASH) {
  process.stderr.write(`it will not start: ${CRASH}\n`);
  process.exit(1);
}
const say = (text) => process.stdout.write(`${text}\n`);
const pool = new Pool({ connectionString: DATABASE_URL, max: 3 });
pool.on('error', (error) => say(error.message));
const query = async (text, values) => (await pool.query(text, values)).rows;

const routes = {
  '/health': async () => 'ok',
  '/orders': async () => ({
    orders: await query('SELECT * FROM orders ORDER BY id'),
    stock: await query('SELECT * FROM shop.products ORDER BY name'),
  }),
  '/buy': async () => {
    const [order] = await query("INSERT INTO orders (item) VALUES ('tea') RETURNING id");
    await query("UPDATE shop.products SET stock = stock - 1 WHERE name = 'tea'");
    await writeFile(`${UPLOADS_DIR}/receipt-${order.id}.txt`, `order ${order.id}`);
    return order;
  },
  '/env': async () => Object.keys(process.env).toSorted(),
  '/read': async ({ path }) => (await readFile(path, 'utf8')).length,
  '/connect': async ({ url }) => {
    const client = new Client(url);
    await client.connect();
    await client.end();
    return 'connected';
  },
  '/alter': async ({ sql }) => query(sql),
  '/pid': async () => process.pid,
  '/crash': async () => setImmediate(() => process.exit(3)) && 'bye',
};

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://shop');
  say(`${request.method} ${pathname}`);
  try {
    const answer = await routes[pathname](Object.fromEntries(searchParams));
    response.end(JSON.stringify(answer));
  } catch (error) {
    response.statusCode = 500;
    response.end(JSON.stringify({ error: error.message }));
  }
}).listen(Number(PORT), HOST, () => say('the tiny shop is open'));
