const MENU = [
  ['Espresso', 300],
  ['Flat White', 475],
  ['Croissant', 350],
  ['Cold Brew', 520],
  ['Banana Bread', 425],
] as const;

let number = 0;

/** A body for POST /orders with so many new orders. Put together as text, so that making the load costs little of it. */
export function ordersBody(storeId: string, size: number, prefix = 'bench'): string {
  const placedAt = new Date().toISOString();
  const orders = Array.from({ length: size }, () => orderText(storeId, prefix, placedAt));
  return size === 1 ? (orders[0] ?? '') : `{"orders":[${orders.join(',')}]}`;
}

function orderText(storeId: string, prefix: string, placedAt: string): string {
  number += 1;
  const [name, price] = MENU[number % MENU.length] ?? MENU[0];
  const items = `[{"name":"${name}","quantity":${1 + (number % 3)},"unitPrice":${price}}]`;
  return `{"storeId":"${storeId}","externalId":"${prefix}-${number}","currency":"USD","placedAt":"${placedAt}","items":${items}}`;
}
