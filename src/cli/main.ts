import { CommanderError, type Command } from 'commander';
import { createApi } from './client.ts';
import { CliError, type ExitCode } from './errors.ts';
import { createOutput, type Io } from './output.ts';
import { createProgram } from './program.ts';
import { readSettings } from './settings.ts';

/** Runs one command and returns its exit code: 0 done, 1 failed, 2 wrong usage, 4 not signed in. */
export async function main(args: string[], io: Io = process): Promise<ExitCode> {
  endQuietlyWithReader(io);
  const program = createProgram(({ json = false }) => {
    const settings = readSettings(io.env);
    return { settings, api: createApi(settings), output: createOutput(json, io) };
  });
  for (const command of withAllBelow(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // commander has written what is wrong already; help, when asked for, is no failure.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const expected = error instanceof CliError;
    io.stderr.write(`${expected ? error.message : ((error as Error).stack ?? String(error))}\n`);
    return expected ? error.exitCode : 1;
  }
}

/** A command and those that belong to it, such as `orders` and `orders rebuild`. */
function withAllBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

/** `store-platform list | head -1` is no error. */
function endQuietlyWithReader({ stdout }: Io): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
