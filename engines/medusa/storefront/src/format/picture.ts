/**
 * Medusa's file store writes uploads with the address it had at that time;
 * what counts is the path, so that they show under any name of the shop.
 * Pictures elsewhere are the owner's choice, but never over plain HTTP.
 */
export function picturePath(url: string | null | undefined): string | null {
  if (!url) return null;
  if (/^(data:image\/|https:|\/(?!\/))/.test(url)) return url;
  if (!URL.canParse(url)) return null;
  const { pathname, search } = new URL(url);
  return /^\/(static|pictures)\//.test(pathname) ? pathname + search : null;
}
