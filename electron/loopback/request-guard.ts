import type { IncomingMessage } from 'node:http';
import { tokensEqual } from './tokens.ts';

/** Why a request is rejected. */
export type RejectReason = 'host' | 'target' | 'origin' | 'site' | 'token';

/** Allowed `Host` headers. Excludes other names that resolve to 127.0.0.1 (DNS rebinding). */
export function allowedHosts(port: number): ReadonlySet<string> {
  const names = ['127.0.0.1', 'localhost'];
  return new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
}

/**
 * Checks for every request: exactly one allowed `Host` header, and a path as target rather than an absolute URL. Returns null if
 * accepted.
 */
export function rejectForeignRequest(request: IncomingMessage, hosts: ReadonlySet<string>): RejectReason | null {
  const [host, ...more] = headerValues(request, 'host');
  if (host === undefined || more.length > 0 || !hosts.has(host)) return 'host';
  return request.url?.startsWith('/') && !request.url.startsWith('//') ? null : 'target';
}

/** Checks for calls, events and uploads: our own origin, and the session token. Returns null if accepted. */
export function rejectUnauthenticated(request: IncomingMessage, token: string): RejectReason | null {
  const origins = headerValues(request, 'origin');
  if (origins.some((origin) => origin !== `http://${request.headers.host ?? ''}`)) return 'origin';
  if (isCrossSite(request)) return 'site';
  const [given, ...more] = headerValues(request, 'x-emulsion-token');
  return more.length === 0 && tokensEqual(given, token) ? null : 'token';
}

/** Whether `Sec-Fetch-Site` says that another site sent the request. */
export function isCrossSite(request: IncomingMessage): boolean {
  return headerValues(request, 'sec-fetch-site').some((site) => site !== 'same-origin' && site !== 'none');
}

/** All values of a header; Node's `headers` keeps only the first of a repeated one. */
function headerValues(request: IncomingMessage, name: string): string[] {
  const raw = request.rawHeaders;
  return raw.flatMap((text, index) => (index % 2 === 0 && text.toLowerCase() === name ? [raw[index + 1] ?? ''] : []));
}
