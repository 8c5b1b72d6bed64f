import type { Asset } from './asset.ts';

/** What a sentence needs to know of an asset. */
type Named = Pick<Asset, 'file' | 'title' | 'url'>;

/** Why an asset can't be had, in a few words. */
interface Failure {
  asset: Named;
  reason: string;
}

/** The whole message when assets can't be had: what, from where, why, and what to do. */
export function cannotBeHad(failures: readonly Failure[], folder: string, baseUrl: string): string {
  const assets = failures.map(({ asset }) => asset);
  return `${notFetched(failures, baseUrl)}. ${putThere(assets, folder, baseUrl)}`;
}

/** What can't be fetched, from where and why: a sentence without its full stop. */
export function notFetched(failures: readonly Failure[], baseUrl: string): string {
  const reasons = [...new Set(failures.map(({ reason }) => reason))];
  const parts = reasons.map((reason) => {
    const titles = failures.filter((failure) => failure.reason === reason).map(({ asset }) => asset.title);
    return `${inWords(titles)} can't be fetched from ${hostOf(baseUrl)}: ${reason}`;
  });
  return parts.join('; ');
}

/** What a person does where the platform can't fetch: which files to get from where, and where to put them. */
export function putThere(assets: readonly Named[], folder: string, baseUrl: string): string {
  const from = inWords(assets.map(({ url }) => addressOf(baseUrl, url)));
  const names = inWords(assets.map(({ file }) => file));
  const them = assets.length > 1 ? 'them' : 'it';
  return `Download ${from} on another machine and put ${them} into ${folder} as ${names}; then retry.`;
}

/** The address of `path` below `baseUrl`, which may or may not end in a slash. */
export function addressOf(baseUrl: string, path: string): string {
  return `${baseUrl.replace(/\/+$/, '')}/${path}`;
}

/** The host, with its port where it has one. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** `a`, `a and b`, `a, b and c`. */
export function inWords(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
