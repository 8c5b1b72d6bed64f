import type { Writable } from 'node:stream';
import { spinner } from '@clack/prompts';
import type { Output } from './output.ts';

/** What is being waited for, shown while it goes on. */
export interface Progress {
  update(text: string): void;
  done(text: string): void;
  failed(text: string): void;
}

/** A spinner on a terminal; elsewhere one line for each change, and nothing that moves. */
export function startProgress(output: Output, text: string): Progress {
  return output.interactive ? animated(output, text) : plain(output, text);
}

function animated(output: Output, text: string): Progress {
  const indicator = spinner({ output: output.stderr as Writable, indicator: 'timer' });
  indicator.start(text);
  return {
    update: (next) => indicator.message(next),
    done: (last) => indicator.stop(last),
    failed: (last) => indicator.error(last),
  };
}

function plain(output: Output, text: string): Progress {
  let shown = '';
  const show = (next: string) => {
    if (next !== shown) output.note(next);
    shown = next;
  };
  show(text);
  return { update: show, done: show, failed: show };
}
