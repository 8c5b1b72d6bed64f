import { openLive } from './live-socket.ts';

/**
 * Many live pages, in a process of their own. Arguments: address, API key, source, how many. Says `open` when all have
 * their snapshot; when its input ends, how many orders the one that was told fewest was told of.
 */
const [url = '', key = '', source = '', count = '1'] = process.argv.slice(2);
const told: number[] = [];

for (let n = 0; n < Number(count); n += 1) {
  told[n] = 0;
  await openLive(url, key, source, ({ type, quarters = [] }) => {
    if (type === 'delta') told[n] = quarters.reduce((sum, { orders }) => sum + orders, told[n] ?? 0);
  });
}
process.stdout.write('open\n');
process.stdin.resume().on('end', () => {
  process.stdout.write(`${Math.min(...told)}\n`, () => process.exit(0));
});
