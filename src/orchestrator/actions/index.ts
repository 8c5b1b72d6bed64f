import type { Action } from '../../stores/decide.ts';
import type { Work } from '../work.ts';
import { admit } from './admit.ts';
import { apply } from './apply.ts';
import { discard } from './discard.ts';
import { prepare } from './prepare.ts';
import { prove } from './prove.ts';
import { publish } from './publish.ts';
import { recover } from './recover.ts';
import { remove } from './remove.ts';
import { reserve } from './reserve.ts';
import { revert } from './revert.ts';
import { rollback } from './rollback.ts';
import { settle } from './settle.ts';

/** An action that works on the store; the others only say how to go on. */
export type Deed = Exclude<Action, { do: 'rest' | 'wait' | 'watch' | 'fail' }>;

export function act(work: Work, action: Deed): Promise<void> {
  switch (action.do) {
    case 'reserve':
      return reserve(work);
    case 'prepare':
      return prepare(work);
    case 'discard':
      return discard(work);
    case 'admit':
      return admit(work);
    case 'apply':
      return apply(work, action.step);
    case 'rollback':
      return rollback(work);
    case 'prove':
      return prove(work);
    case 'publish':
      return publish(work);
    case 'recover':
      return recover(work);
    case 'settle':
      return settle(work);
    case 'revert':
      return revert(work.context, work.sight.store, action.step, action.message);
    case 'remove':
      return remove(work);
  }
}

/** The step that people see: an action's own name, or what it makes. */
export function stepOf(action: Deed): string {
  return action.do === 'apply' ? action.step : action.do;
}

/** True for actions that take long enough to be a line in the timeline. The others tell their own story. */
export function isStep(action: Deed): boolean {
  return !['prepare', 'publish', 'recover', 'settle', 'revert'].includes(action.do);
}
