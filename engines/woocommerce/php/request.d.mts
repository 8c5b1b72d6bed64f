export interface RequestLike {
  method: string;
  url: string;
  httpVersion: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  socket: { remoteAddress?: string; remotePort?: number };
}
export interface Site {
  host: string;
  port: number;
  root: string;
  router: string;
  version: string;
}
export function serverVariables(
  request: RequestLike,
  site: Site,
  kindOf: (path: string) => 'file' | 'folder' | null,
): Record<string, string>;
