/** 0 done, 1 failed, 2 wrong usage, 4 not signed in. Scripts rely on these numbers. */
export type ExitCode = 0 | 1 | 2 | 4;

/** Ends the command with a message that says what went wrong and what mends it. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  /** The platform's own code for it, when it was the platform that refused. */
  readonly code: string | undefined;

  constructor(message: string, exitCode: ExitCode = 1, code?: string) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
  }
}
