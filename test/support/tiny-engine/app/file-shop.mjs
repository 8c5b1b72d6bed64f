import { readFile, rename, writeFile } from 'node:fs/promises';

/** Orders in a file, read and written anew for each request, as PHP does with SQLite. */
export function fileShop(folder) {
  const file = `${folder}/shop.json`;
  const read = async () => JSON.parse(await readFile(file, 'utf8'));
  return {
    orders: read,
    async buy() {
      const shop = await read();
      const order = { id: String(shop.orders.length + 1) };
      shop.orders.push(order);
      shop.stock[0].stock -= 1;
      await writeFile(`${file}.new`, JSON.stringify(shop));
      await rename(`${file}.new`, file);
      return order;
    },
  };
}
