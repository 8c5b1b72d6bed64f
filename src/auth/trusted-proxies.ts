import { BlockList, isIP } from 'node:net';

/** Names for the usual private networks, as Express and Fastify spell them. */
const NAMED: Record<string, readonly string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/**
 * Tells whether a socket's other end is one of TRUSTED_PROXIES (addresses, networks such as `10.0.0.0/8`, or
 * `loopback`, `linklocal`, `uniquelocal`). Throws on an entry that is none of these, for the start's message.
 */
export function trustedProxies(entries: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const entry of entries.flatMap((name) => NAMED[name] ?? [name])) add(list, entry);
  return (address) => {
    if (!address) return false;
    const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  };
}

function add(list: BlockList, entry: string): void {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address);
  if (family === 0) throw new Error(`TRUSTED_PROXIES: ${entry} is no address and no network`);
  const width = bits === undefined ? (family === 6 ? 128 : 32) : Number(bits);
  list.addSubnet(address, width, family === 6 ? 'ipv6' : 'ipv4');
}
