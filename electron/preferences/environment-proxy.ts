import { BlockList, isIP } from 'node:net';
import { StudioError } from '../contract/errors/errors.ts';
import { notSent } from '../contract/errors/messages.ts';
import { joinProxyAddress, maskProxyAddress, readProxyAddress } from './proxy-address.ts';

type Environment = Record<string, string | undefined>;

/** The variable that names the proxy for a scheme, and what it holds; small letters first, as other tools read them. */
function find(environment: Environment, scheme: 'http:' | 'https:'): { variable: string; value: string } | null {
  const names = scheme === 'https:' ? ['https_proxy', 'all_proxy'] : ['http_proxy', 'all_proxy'];
  for (const variable of names.flatMap((name) => [name, name.toUpperCase()])) {
    const value = environment[variable]?.trim();
    if (value) return { variable, value };
  }
  return null;
}

/**
 * The proxy that the environment names for an address, with its password, or null where NO_PROXY spares the address or none is named.
 * Throws `profile-invalid` with the variable's name for one that cannot be used: going around a proxy unasked would be worse.
 */
export function environmentProxyFor(url: URL, environment: Environment): string | null {
  const found = find(environment, url.protocol === 'https:' ? 'https:' : 'http:');
  if (!found || bypassesProxy(url, environment.no_proxy ?? environment.NO_PROXY ?? '')) return null;
  try {
    return joinProxyAddress(readProxyAddress(found.value));
  } catch (cause) {
    if (!(cause instanceof StudioError)) throw cause;
    const message = notSent(
      `The environment variable ${found.variable} can’t be used. ${cause.message} You can choose another proxy in Settings, Sending.`,
    );
    throw new StudioError({ code: 'profile-invalid', message }, { cause });
  }
}

/** The proxy that the environment names for https, for the screen: its password masked, and '' in place of what cannot be read. */
export function maskedEnvironmentProxy(environment: Environment): string | null {
  const found = find(environment, 'https:') ?? find(environment, 'http:');
  if (!found) return null;
  try {
    return maskProxyAddress(readProxyAddress(found.value));
  } catch {
    return `${found.variable}, which cannot be used`;
  }
}

/**
 * Whether a list as in NO_PROXY names an address: `*`, names (and all below them, with or without a dot before), addresses, networks
 * (`10.0.0.0/8`), each perhaps with a port.
 */
function bypassesProxy(url: URL, list: string): boolean {
  const host = normaliseHost(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .split(/[\s,]+/u)
    .filter((entry) => entry !== '')
    .some((entry) => matchesEntry(entry.toLowerCase(), host, port));
}

function matchesEntry(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, network, prefix] = /^(.+)\/(\d{1,3})$/u.exec(entry) ?? [];
  if (network !== undefined) return isInSubnet(host, normaliseHost(network), Number(prefix));
  const [, name = entry, wanted] = isIP(normaliseHost(entry)) === 6 ? [] : (/^(.+?):(\d+)$/u.exec(entry) ?? []);
  if (wanted !== undefined && wanted !== port) return false;
  const suffix = normaliseHost(name).replace(/^\*?\./u, '');
  return host === suffix || (isIP(host) === 0 && host.endsWith(`.${suffix}`));
}

function isInSubnet(host: string, network: string, prefix: number): boolean {
  const version = isIP(network);
  if (version === 0 || isIP(host) !== version || prefix > (version === 6 ? 128 : 32)) return false;
  const type = version === 6 ? 'ipv6' : 'ipv4';
  const inside = new BlockList();
  inside.addSubnet(network, prefix, type);
  return inside.check(host, type);
}

function normaliseHost(host: string): string {
  return host
    .replace(/^\[|\]$/gu, '')
    .replace(/\.$/u, '')
    .toLowerCase();
}
