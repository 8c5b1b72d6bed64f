import type { Resource } from '../../runtimes/runtime.ts';

/** Something could not be removed. Worth another try: a process may need longer, a connection may be in the way. */
export class Leftovers extends Error {
  override readonly name = 'Leftovers';

  constructor(left: readonly Resource[]) {
    const kinds = [...new Set(left.map(({ kind }) => kind))].join(', ');
    const reasons = [...new Set(left.map(({ reason }) => reason))].filter((one) => one !== undefined);
    super(`Not removed yet: ${kinds}.${reasons.map((reason) => ` ${reason}`).join('')}`);
  }
}
