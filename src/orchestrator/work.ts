import type { Logger } from 'pino';
import type { Engine, Secrets, StorePlan } from '../../engines/engine.ts';
import { TerminalError } from '../errors.ts';
import type { Context } from './context.ts';
import type { Sight } from './look.ts';

/** What an action is given. It may be stopped at any instant and done again: nothing it does may mind. */
export interface Work {
  context: Context;
  sight: Sight;
  /** Fires when the action is to end at once: too late, no longer wanted, or the platform stops. */
  signal: AbortSignal;
  log: Logger;
}

/** The store's engine, plan and secrets, for the actions that are only decided once there are some. */
export function planned({ sight }: Work): { engine: Engine; plan: StorePlan; secrets: Secrets } {
  if (sight.engine === null || sight.prepared === null) throw new TerminalError('The shop has no plan to work by.');
  return { engine: sight.engine, ...sight.prepared };
}
