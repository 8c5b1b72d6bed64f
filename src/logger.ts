import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

/** Wherever one of these turns up in what is logged, one level deep as well, it is left out. */
const SECRET = [
  'password',
  'token',
  'secret',
  'secrets',
  'key',
  'apiKey',
  'authorization',
  'cookie',
  'credentials',
  'signInUrl',
  'databaseUrl',
  'DATABASE_URL',
  'SECRETS_KEY',
  'DB_PASSWORD',
  'SMTP_URL',
  'REDIS_URL',
];
const HEADERS = ['authorization', 'cookie', 'set-cookie', 'x-publishable-api-key', 'proxy-authorization'];

/**
 * The platform's log: one JSON object a line on standard output, or readable lines when that is a terminal (API-10).
 * Writes at once, so that nothing is lost when the process ends.
 */
export function createLogger(config: Pick<Config, 'LOG_LEVEL'>, out: NodeJS.WriteStream = process.stdout): Logger {
  return pino(loggerOptions(config), out.isTTY ? readable(out) : pino.destination({ fd: 1, sync: true }));
}

export function loggerOptions({ LOG_LEVEL }: Pick<Config, 'LOG_LEVEL'>): LoggerOptions {
  const anywhere = SECRET.flatMap((name) => [name, `*.${name}`]);
  const headers = HEADERS.flatMap((name) => [`headers["${name}"]`, `*.headers["${name}"]`]);
  return {
    level: LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: [...anywhere, ...headers], censor: '[hidden]' },
  };
}

function readable(out: NodeJS.WriteStream): DestinationStream {
  return pretty({
    colorize: out.hasColors(),
    destination: 1,
    sync: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
  });
}
