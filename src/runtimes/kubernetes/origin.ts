import type { V1Ingress } from '@kubernetes/client-node';

/**
 * The address that an Ingress leads in by; null where it names no host. The port is not in it: where host and scheme are
 * those that were asked for, so is the port.
 */
export function originOf({ spec }: V1Ingress, wanted: string): string | null {
  const host = spec?.rules?.find((rule) => rule.host)?.host;
  if (!host) return null;
  const secure = spec?.tls?.some(({ hosts }) => hosts === undefined || hosts.includes(host)) ?? false;
  const { hostname, protocol, origin } = new URL(wanted);
  const own = `${secure ? 'https' : 'http'}:`;
  return hostname === host && protocol === own ? origin : `${own}//${host}`;
}
