import { lookup as systemLookup, promises } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv6');
}

/** Whether an IP address is loopback, private, link-local or reserved. False for host names. */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/gu, '').replace(/%.*$/u, '');
  const version = isIP(bare);
  if (version === 0) return false;
  return PRIVATE.check(bare, version === 6 ? 'ipv6' : 'ipv4');
}

/** The system's name lookup, which fails with {@link PrivateAddressError} when any address is private. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, options, (error, address, family) => {
    const addresses = Array.isArray(address) ? address.map((entry) => entry.address) : [address];
    const refused = error ?? (addresses.some(isPrivateAddress) ? new PrivateAddressError(hostname) : null);
    // The callback takes one address or a list, which Node's types do not allow to combine.
    if (refused) callback(refused, Array.isArray(address) ? [] : '', family);
    else callback(null, address, family);
  });
};

/**
 * Whether a name resolves to a private address on this computer. For requests through a proxy, which resolves names itself. False when the
 * lookup fails: behind a proxy this computer may have no DNS for public names.
 */
export async function resolvesToPrivateAddress(hostname: string): Promise<boolean> {
  try {
    const found = await promises.lookup(hostname.replace(/^\[|\]$/gu, ''), { all: true });
    return found.some(({ address }) => isPrivateAddress(address));
  } catch {
    return false;
  }
}

/** A host with a private address where only public ones are allowed. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';

  constructor(host: string) {
    super(`${host} is a private address`);
  }
}
