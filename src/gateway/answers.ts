import { stepTitle } from '../orchestrator/words.ts';
import type { Status } from '../stores/store.ts';
import type { ErrorCode } from '../errors.ts';

/** What the gateway says itself, where there is no shop that could answer. */
export interface Answer {
  code: ErrorCode;
  title: string;
  text: string;
  /** Seconds after which asking again makes sense. */
  retryAfter?: number;
  /** The page asks again by itself: only while something is known to be under way. */
  refresh?: boolean;
}

export const UNKNOWN_STORE: Answer = {
  code: 'NOT_FOUND',
  title: 'There is no shop here',
  text: 'No shop has this address. It may have been deleted, or the address may be misspelt.',
};

/** Whatever name brought this request here, it is not one of ours. */
export const UNKNOWN_HOST: Answer = {
  code: 'UNKNOWN_HOST',
  title: 'This name leads nowhere',
  text: 'Use the address that the platform printed when it started. Should it have another name, set PUBLIC_URL or STORE_DOMAIN.',
};

export const BAD_REQUEST_LINE: Answer = {
  code: 'VALIDATION_FAILED',
  title: 'This is no proxy',
  text: 'A request must name a path, such as /products, and exactly one host, and ask for no other protocol.',
};

export const NO_WEBSOCKET: Answer = {
  code: 'NOT_FOUND',
  title: 'There is no WebSocket here',
  text: 'The address is one for ordinary requests.',
};

/** The shop is ready as far as we know, and yet nothing listens: its process restarts. */
export const RESTARTING: Answer = {
  code: 'DEPENDENCY_UNAVAILABLE',
  title: 'This shop is restarting',
  text: 'It does not answer at the moment. Please try again in a few seconds.',
  retryAfter: 5,
};

export const TOO_SLOW: Answer = {
  code: 'DEPENDENCY_UNAVAILABLE',
  title: 'This shop takes too long to answer',
  text: 'It was given a minute. Please try again later.',
  retryAfter: 30,
};

/** The database can't be asked and nothing is remembered about this host name. */
export const UNAVAILABLE: Answer = {
  code: 'DEPENDENCY_UNAVAILABLE',
  title: 'Shops can not be looked up right now',
  text: 'The platform has lost its database and is trying to reach it again. Please try again in a few seconds.',
  retryAfter: 5,
};

export const STARTING: Answer = {
  code: 'DEPENDENCY_UNAVAILABLE',
  title: 'The platform is starting',
  text: 'It will be there in a few seconds.',
  retryAfter: 2,
  refresh: true,
};

/** A process without the role `api` serves shops, or works, and no people. */
export const NO_API: Answer = {
  code: 'NOT_FOUND',
  title: 'There is nothing here',
  text: 'This process does not serve the platform itself.',
};

export const STOPPING: Answer = {
  code: 'SHUTTING_DOWN',
  title: 'The platform is being restarted',
  text: 'Please try again in a few seconds.',
  retryAfter: 5,
};

/** What to say for a shop that does not take requests, by its status; null for one that does. */
export function answerFor(status: Status, step: string | null): Answer | null {
  switch (status) {
    case 'ready':
      return null;
    case 'provisioning':
      return {
        code: 'DEPENDENCY_UNAVAILABLE',
        title: 'This shop is starting',
        text: `${step === null ? 'Getting everything ready' : stepTitle(step)}. This page shows the shop as soon as it is open.`,
        retryAfter: 3,
        refresh: true,
      };
    case 'failed':
      return {
        code: 'DEPENDENCY_UNAVAILABLE',
        title: 'This shop is out of order',
        text: 'It could not be started. Its owner sees the reason, and what to do, in the list of their shops.',
        retryAfter: 60,
      };
    case 'stopped':
      return {
        code: 'DEPENDENCY_UNAVAILABLE',
        title: 'This shop is closed',
        text: 'Its owner has stopped it. Everything in it is kept.',
        retryAfter: 300,
      };
    case 'deleting':
      return { code: 'GONE', title: 'This shop is being deleted', text: 'It is no longer open.' };
  }
}
