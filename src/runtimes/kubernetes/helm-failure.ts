import { TerminalError } from '../../errors.ts';
import { apiAway } from './failures.ts';

/** What Helm and its client library say when it is the cluster that does not answer. */
const AWAY = [
  /cluster unreachable/i,
  /connection (refused|reset)|no route to host|i\/o timeout|TLS handshake timeout|client connection lost/i,
  /unexpected EOF|: EOF$|context deadline exceeded|Client\.Timeout exceeded/im,
  /server is currently unable|the server was unable to return|etcdserver|too many requests|apiserver not ready/i,
  /Internal error occurred|ServiceUnavailable|Unauthorized/,
];

/** What no further try can change: the chart, its values, or what the namespace allows. */
const HOPELESS: readonly { sign: RegExp; words: string }[] = [
  {
    sign: /values don't meet the specifications of the schema/i,
    words: 'The chart does not accept the values that it was given; its operator must mend STORE_VALUES_FILE.',
  },
  { sign: /exceeded quota/i, words: "The quota of the shop's namespace does not allow it." },
  { sign: /violates PodSecurity/i, words: "Pod Security of the shop's namespace does not allow it." },
  {
    sign: /execution error at|parse error|unable to build kubernetes objects|unable to decode|\bis invalid:|chart\.yaml/i,
    words: 'The chart can not be applied.',
  },
];

const LONGEST = 600;

/** The error that a failed run of Helm stands for, by what it had to say. */
export function helmFailure(output: string, how: string): Error {
  const text = lastError(output);
  if (AWAY.some((sign) => sign.test(text))) return apiAway(text);
  const known = HOPELESS.find(({ sign }) => sign.test(text));
  if (known) return new TerminalError(`${known.words} Helm: ${text}`);
  return new Error(text === '' ? `Helm has failed (${how}).` : `Helm has failed: ${text}`);
}

/** Helm's error on one line, without the warnings before it and without this machine's paths. */
function lastError(output: string): string {
  const at = output.lastIndexOf('Error: ');
  return output
    .slice(at === -1 ? 0 : at + 'Error: '.length)
    .replaceAll(/(?<![\w:/.])(?:\/[\w.@+-]+){2,}/g, '…')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ')
    .slice(0, LONGEST);
}
