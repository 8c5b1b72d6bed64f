import {
  BrokenCircuitError,
  CircuitState,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
} from 'cockatiel';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { unavailable } from '../db/failures.ts';
import { AppError, errorText } from '../errors.ts';
import { orderMetrics } from './metrics.ts';

/** A circuit breaker: after some failures in a row nobody is made to wait for what does not answer anyway. */
export interface Guard {
  /** Rejects at once with DEPENDENCY_UNAVAILABLE while the circuit is open, else as `work` does. */
  run<T>(work: () => Promise<T>): Promise<T>;
  isOpen(): boolean;
}

interface GuardOptions {
  /** Who asks, for logs and metrics: each has a circuit of its own. */
  part: string;
  registry: Registry;
  log: Logger;
}

const FAILURES_IN_A_ROW = 5;
/** After this time one call is let through; the others still are not, until it has succeeded. */
const TRY_AFTER_MS = 500;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3000;

/** Opens when the database can't be reached. Being busy, and mistakes in a statement, do not count. */
export function guardDatabase(options: GuardOptions): Guard {
  return createGuard('database', { ...options, isTrouble: isUnavailable, refuse: unavailable });
}

/** Opens when Redis does not do what it is asked to, for whatever reason: there is always a way without it. */
export function guardRedis(options: GuardOptions): Guard {
  return createGuard('redis', { ...options, isTrouble: isOfRedis, refuse: withoutRedis });
}

/** What the platform itself throws is of the database. */
function isOfRedis(error: unknown): boolean {
  return !(error instanceof AppError);
}

function withoutRedis(cause: unknown): AppError {
  return new AppError('DEPENDENCY_UNAVAILABLE', 'Redis cannot be reached right now.', {
    details: { dependency: 'redis' },
    cause,
  });
}

function createGuard(
  dependency: string,
  options: GuardOptions & { isTrouble: (error: unknown) => boolean; refuse: (cause: unknown) => AppError },
): Guard {
  const { part, log, isTrouble, refuse } = options;
  const policy = circuitBreaker(handleWhen(isTrouble), {
    breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
    halfOpenAfter: TRY_AFTER_MS,
  });
  const gauge = orderMetrics(options.registry).circuit.labels({ dependency, part });
  gauge.set(0);
  policy.onStateChange((state) => gauge.set(GAUGE[state]));
  policy.onBreak((reason) => {
    const cause = 'error' in reason ? errorText(reason.error) : undefined;
    log.warn({ dependency, part, reason: cause }, 'A dependency does not answer; it is left alone for a moment');
  });
  policy.onReset(() => log.info({ dependency, part }, 'A dependency answers again'));
  return {
    async run(work) {
      // The policy itself would make all others wait for the one call that tries.
      if (policy.state === CircuitState.HalfOpen) throw refuse(new BrokenCircuitError());
      return policy.execute(work).catch((error: unknown) => {
        throw error instanceof BrokenCircuitError ? refuse(error) : error;
      });
    },
    isOpen: () => policy.state !== CircuitState.Closed,
  };
}

const GAUGE = {
  [CircuitState.Closed]: 0,
  [CircuitState.Open]: 1,
  [CircuitState.HalfOpen]: 2,
  [CircuitState.Isolated]: 1,
};

function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'DEPENDENCY_UNAVAILABLE';
}

/** True when the same work may well succeed a little later: the database is away, or too busy. */
export function isPassing(error: unknown): boolean {
  return isUnavailable(error) || (error instanceof AppError && error.code === 'OVERLOADED');
}

/** How long to wait after each failure in a row: longer and longer, and never in step with others. */
export interface Patience {
  nextMs(): number;
  reset(): void;
}

export function createPatience(): Patience {
  let backoff: ReturnType<typeof firstBackoff> | null = null;
  return {
    nextMs() {
      backoff = backoff === null ? firstBackoff() : backoff.next(undefined);
      return backoff.duration;
    },
    reset() {
      backoff = null;
    },
  };
}

/** The default generator is decorrelated jitter. */
function firstBackoff() {
  return new ExponentialBackoff({ initialDelay: FIRST_WAIT_MS, maxDelay: LONGEST_WAIT_MS }).next();
}
