import { delimiter, dirname } from 'node:path';
import { PLACEHOLDERS } from '../../../engines/engine.ts';

/** What stands in for the placeholders of a plan on this machine. */
export type Values = Readonly<Record<keyof typeof PLACEHOLDERS, string>>;

/** The environment of the platform itself, read in one place (`config.ts`) and handed in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Names by which a store's processes are found again, whatever has become of them. */
export const MARKS = { installation: 'STORE_PLATFORM_INSTALLATION', storeId: 'STORE_PLATFORM_STORE_ID' } as const;

/** What npm needs to reach its registry the way that the user's own npm does; nothing else of the user's goes along. */
const FOR_NPM = [
  /^npm_config_(registry|@[^/]+:registry|\/\/.*|proxy|https?[-_]proxy|noproxy|ca|cafile|strict[-_]ssl)$/i,
  /^npm_config_(fetch[-_].*|maxsockets|offline|prefer[-_]offline|nodedir|replace[-_]registry[-_]host)$/i,
  /^((https?|all|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/i,
];

/** Fills a plan's placeholders in. What they stand for is taken as it is, even where it looks like one. */
export function fill(text: string, values: Values): string {
  const keys = Object.keys(PLACEHOLDERS) as (keyof Values)[];
  return text.replaceAll(/\{\{\w+\}\}/g, (found) => {
    const key = keys.find((one) => PLACEHOLDERS[one] === found);
    return key === undefined ? found : values[key];
  });
}

/** The whole environment of a store's process: what its plan says, and what any program needs. Nothing is inherited. */
export function storeEnvironment(
  planned: Readonly<Record<string, string>>,
  values: Values,
  marks: { installationId: string; storeId: string },
): Record<string, string> {
  const filled = Object.entries(planned).map(([name, text]) => [name, fill(text, values)] as const);
  return {
    PATH: searchPath(values.node),
    LANG: 'C.UTF-8',
    ...Object.fromEntries(filled),
    HOME: values.storeDir,
    TMPDIR: `${values.storeDir}/${TEMPORARY}`,
    [MARKS.installation]: marks.installationId,
    [MARKS.storeId]: marks.storeId,
  };
}

/** Temporary files of a store lie in its own folder, so that they go with it. */
export const TEMPORARY = '.tmp';

/** The environment of the commands that prepare an engine. */
export function prepareEnvironment(
  platform: Environment,
  own: { node: string; home: string; installationId: string; databaseUrl: string | null },
): Record<string, string> {
  const kept = Object.entries(platform).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && FOR_NPM.some((name) => name.test(entry[0])),
  );
  return {
    ...Object.fromEntries(kept),
    PATH: searchPath(own.node, platform.PATH),
    LANG: 'C.UTF-8',
    HOME: own.home,
    TMPDIR: own.home,
    CI: '1', // no questions, no animations
    npm_config_cache: `${own.home}/npm`,
    npm_config_update_notifier: 'false',
    ...(own.databaseUrl === null ? {} : { DATABASE_URL: own.databaseUrl }),
    [MARKS.installation]: own.installationId,
  };
}

/** The same Node that runs the platform comes first. */
function searchPath(node: string, further = '/usr/local/bin:/usr/bin:/bin'): string {
  return [dirname(node), ...further.split(delimiter)].join(delimiter);
}
