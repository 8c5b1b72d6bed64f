// What every shop that keeps its data in files begins as a copy of.
import { mkdirSync, writeFileSync } from 'node:fs';

mkdirSync('baked/uploads', { recursive: true });
writeFileSync('baked/uploads/picture.bin', Buffer.alloc(1_500_000, 7));
writeFileSync('baked/shop.json', JSON.stringify({ orders: [], stock: [{ name: 'tea', stock: 10 }] }));
process.stdout.write('the shop is baked\n');
