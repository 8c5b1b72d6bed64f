import type { Resource } from '../../runtimes/runtime.ts';

/** Something could not be removed. Worth another try: a process may need longer, a connection may be in the way. */
export class Leftovers extends Error {
  override readonly name = 'Leftovers';

  constructor(left: readonly Resource[]) {
    super(`Not removed yet: ${[...new Set(left.map(({ kind }) => kind))].join(', ')}.`);
  }
}
