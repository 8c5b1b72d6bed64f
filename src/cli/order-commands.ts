import { Option, type Command } from 'commander';
import { SHOPS } from '../simulator/coffee-shop.ts';
import { calendarDay, positiveNumber, wholeNumber } from './arguments.ts';
import { deadOrders, rebuildOrders, retryOrders } from './commands/orders.ts';
import { simulate } from './commands/simulate.ts';
import { createSource, listSources } from './commands/sources.ts';
import type { Context } from './context.ts';

/** How commands are made, by whoever makes them all. */
interface Making {
  program: Command;
  command(name: string, description: string, parent?: Command): Command;
  run<A extends unknown[]>(
    work: (context: Context, ...args: A) => Promise<void>,
  ): (...args: [...unknown[], Command]) => Promise<void>;
}

/** The commands about live orders and where they come from. */
export function addOrderCommands({ program, command, run }: Making): void {
  command('simulate', 'a shop that sells, so that the live page can be tried')
    .addOption(new Option('--shop <kind>', 'the kind of shop').choices(Object.keys(SHOPS)).default('coffee'))
    .option('--rate <n>', 'orders a second, on average', positiveNumber, 2)
    .option('--seconds <n>', 'stop after that time', wholeNumber)
    .option('--orders <n>', 'stop after so many orders', wholeNumber)
    .option('--day <date>', 'the whole of that day at once (YYYY-MM-DD), and nothing live', calendarDay)
    .option('--no-history', 'without what was sold yesterday and today')
    .action(run(simulate));
  const orders = program.command('orders').description('the figures of orders; for admins');
  command('rebuild', 'make all figures anew of what was told', orders).action(run(rebuildOrders));
  command('dead', 'what is stored but could not be counted', orders).action(run(deadOrders));
  command('retry', 'try again to count it', orders).action(run(retryOrders));
  const sources = program.command('sources').description('where orders come from');
  command('list', 'the sources that you may see, stores among them', sources).action(run(listSources));
  command('create', 'make a source that is no store, with its secret', sources)
    .argument('<name>', 'what it is called')
    .option('--time-zone <zone>', 'in which its days are counted, such as Europe/Paris')
    .action(run(createSource));
}
