import { BlockList, isIP } from 'node:net';
import { StudioError } from '../contract/errors/errors.ts';
import { notSent } from '../contract/errors/messages.ts';
import { joinProxyAddress, maskProxyAddress, readProxyAddress } from './proxy-address.ts';

type Environment = Record<string, string | undefined>;

/** The proxy variable of a scheme and its value; lower-case names take precedence, as in other tools. */
function find(environment: Environment, scheme: 'http:' | 'https:'): { variable: string; value: string } | null {
  const names = scheme === 'https:' ? ['https_proxy', 'all_proxy'] : ['http_proxy', 'all_proxy'];
  for (const variable of names.flatMap((name) => [name, name.toUpperCase()])) {
    const value = environment[variable]?.trim();
    if (value) return { variable, value };
  }
  return null;
}

/**
 * Returns the environment's proxy for a URL, with its password; null if none is set or NO_PROXY excludes the URL.
 * @throws `profile-invalid` with the variable's name for an invalid proxy: a direct connection would bypass it silently
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

/** Returns the environment's proxy for https for the screen, with its password masked; '' if it can't be parsed, null if none is set. */
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
 * Whether a NO_PROXY list includes a URL: `*`, host names (including subdomains, with or without a leading dot), IP addresses, networks
 * (`10.0.0.0/8`), each with an optional port.
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
