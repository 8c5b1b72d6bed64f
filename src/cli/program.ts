import { Command, Option } from 'commander';
import { wholeNumber } from './arguments.ts';
import { remove } from './commands/delete.ts';
import { doctor } from './commands/doctor.ts';
import { logs } from './commands/logs.ts';
import { credentials, list, open, show } from './commands/look.ts';
import { orphans } from './commands/orphans.ts';
import { create, retry } from './commands/provision.ts';
import { events } from './commands/timeline.ts';
import { rollback, upgrade } from './commands/versions.ts';
import type { Context } from './context.ts';
import { addOrderCommands } from './order-commands.ts';

const STORE = ['<store>', 'the id or the slug of a store'] as const;

/** All commands and their options. `contextOf` is asked once a command has been understood. */
export function createProgram(contextOf: (options: { json?: boolean }) => Context): Command {
  const program = new Command('store-platform')
    .description('Makes and runs online shops.')
    .option('--json', 'print exactly one JSON document, for scripts')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      '\nThe platform is sought at STORE_PLATFORM_URL (http://127.0.0.1:3001) with the key STORE_PLATFORM_TOKEN.',
    );

  /** A command that may also be told `--json` after its name. */
  const command = (name: string, description: string, parent = program) =>
    parent.command(name).description(description).addOption(new Option('--json').hideHelp());

  /** A command about one store. */
  const storeCommand = (name: string, description: string) => command(name, description).argument(...STORE);

  /** Calls a command with its context first, then its arguments and options as commander gives them. */
  const run =
    <A extends unknown[]>(work: (context: Context, ...args: A) => Promise<void>) =>
    async (...args: [...unknown[], Command]) => {
      const self = args.at(-1) as Command;
      await work(contextOf(self.optsWithGlobals()), ...(args.slice(0, -1) as A));
    };

  command('create', 'make a shop')
    .argument('<name>', 'what it is called')
    .addOption(
      new Option('--engine <engine>', 'the kind of shop').choices(['woocommerce', 'medusa']).makeOptionMandatory(),
    )
    .option('--wait', 'until it is ready, with its progress')
    .action(run(create));
  command('list', 'the stores that you may see')
    .option('--limit <n>', 'how many at most, up to 100', wholeNumber)
    .option('--offset <n>', 'how many to leave out', wholeNumber)
    .action(
      run(({ ...context }, { limit, offset }: { limit?: number; offset?: number }) =>
        list(context, { ...(limit !== undefined && { limit }), ...(offset !== undefined && { offset }) }),
      ),
    );
  storeCommand('show', 'one store').action(run(show));
  storeCommand('events', 'what has happened to a store')
    .option('-f, --follow', 'and what happens, until it is gone')
    .action(run(events));
  storeCommand('logs', "a shop's own output")
    .option('-f, --follow', 'go on with what comes')
    .option('--tail <n>', 'how many of the last lines', wholeNumber)
    .action(run(logs));
  storeCommand('credentials', "the login of a shop's own admin, and the key of its API").action(run(credentials));
  storeCommand('retry', 'try to make a failed shop once more')
    .option('--wait', 'until it is ready, with its progress')
    .action(run(retry));
  storeCommand('upgrade', 'bring a shop to the newest version of its engine')
    .option('--wait', 'until it runs, with its progress')
    .action(run(upgrade));
  storeCommand('rollback', 'bring a shop back to the version that it ran before')
    .option('--wait', 'until it runs, with its progress')
    .action(run(rollback));
  storeCommand('delete', 'remove a shop and all that it has')
    .option('-y, --yes', 'without being asked')
    .option('--wait', 'until it is gone')
    .action(run(remove));
  storeCommand('open', 'show a shop in the browser').option('--admin', 'its admin instead').action(run(open));
  addOrderCommands({ program, command, run });
  command('orphans', 'what belongs to no store').option('--confirm', 'let all of it be removed').action(run(orphans));
  command('doctor', 'what is missing here, and what mends it').action(run(doctor));
  return program;
}
