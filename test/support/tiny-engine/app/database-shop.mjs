import { Client, Pool } from 'pg';

/** Orders in a database of the shop's own. */
export function databaseShop(connectionString, say) {
  const pool = new Pool({ connectionString, max: 3 });
  pool.on('error', (error) => say(error.message));
  const query = async (text, values) => (await pool.query(text, values)).rows;
  return {
    orders: async () => ({
      orders: await query('SELECT * FROM orders ORDER BY id'),
      stock: await query('SELECT * FROM shop.products ORDER BY name'),
    }),
    async buy() {
      const [order] = await query("INSERT INTO orders (item) VALUES ('tea') RETURNING id");
      await query("UPDATE shop.products SET stock = stock - 1 WHERE name = 'tea'");
      return order;
    },
    alter: query,
  };
}

export async function connect(url) {
  const client = new Client(url);
  await client.connect();
  await client.end();
  return 'connected';
}
