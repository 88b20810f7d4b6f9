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

/** Whether an IP address is this computer's, a local network's, or nobody's: everything but the public internet. */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/gu, '').replace(/%.*$/u, '');
  const version = isIP(bare);
  if (version === 0) return false;
  return PRIVATE.check(bare, version === 6 ? 'ipv6' : 'ipv4');
}

/** Looks a name up as the system does, and fails when any of its addresses is private. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, options, (error, address, family) => {
    const addresses = Array.isArray(address) ? address.map((entry) => entry.address) : [address];
    const refused = error ?? (addresses.some(isPrivateAddress) ? new PrivateAddressError(hostname) : null);
    // Node's two forms of this callback, one address or all, do not meet in its types.
    if (refused) callback(refused, Array.isArray(address) ? [] : '', family);
    else callback(null, address, family);
  });
};

/**
 * Whether a name leads to a private address as far as this computer knows. For names that a proxy will look up: behind one this computer may
 * know no names at all, and what it does not know is the proxy's to allow.
 */
export async function resolvesToPrivateAddress(hostname: string): Promise<boolean> {
  try {
    const found = await promises.lookup(hostname.replace(/^\[|\]$/gu, ''), { all: true });
    return found.some(({ address }) => isPrivateAddress(address));
  } catch {
    return false;
  }
}

/** A name or address that leads to this computer or a local network, where it may not. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';

  constructor(host: string) {
    super(`${host} is a private address`);
  }
}
