/** Steps in words for the owner. A runtime may have steps that are not here; they are called by their name. */
const TITLES: Record<string, string> = {
  look: 'Looking at the shop',
  reserve: 'Making passwords and keys',
  prepare: 'Waiting for the shop software',
  discard: 'Clearing away what the last attempt left',
  admit: 'Checking that it fits on this machine',
  namespace: 'Making its namespace',
  secrets: 'Laying down its passwords and keys',
  release: 'Installing its software',
  database: 'Making its database',
  files: 'Making its folders',
  process: 'Starting the shop',
  health: 'Waiting until the shop answers',
  rollback: 'Putting the shop back as it was',
  prove: 'Buying something to see that it sells',
  publish: 'Opening the shop',
  recover: 'Opening the shop again',
  upgrade: 'Changing its version',
  settle: 'Finishing the change of version',
  revert: 'Going back to the version before',
  remove: 'Removing the shop',
};

export function stepTitle(step: string): string {
  return TITLES[step] ?? `Step “${step}”`;
}

/** A step and why it failed, as one sentence. */
export function failureText(step: string, reason: string): string {
  const text = `${stepTitle(step)} failed: ${reason}`;
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
