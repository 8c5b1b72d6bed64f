export function run(what: string, command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<void>;
