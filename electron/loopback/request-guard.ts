import type { IncomingMessage } from 'node:http';
import { tokensEqual } from './tokens.ts';

/** Why a request is not served, in a word for the log and for tests. */
export type RejectReason = 'host' | 'target' | 'origin' | 'site' | 'token';

/** The hosts that a request may name. A page of another name that resolves to 127.0.0.1 (DNS rebinding) is none of them. */
export function allowedHosts(port: number): ReadonlySet<string> {
  const names = ['127.0.0.1', 'localhost'];
  return new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
}

/** For every request: names us exactly, once, and asks for a path of ours rather than for a foreign address. */
export function rejectForeignRequest(request: IncomingMessage, hosts: ReadonlySet<string>): RejectReason | null {
  const [host, ...more] = headerValues(request, 'host');
  if (host === undefined || more.length > 0 || !hosts.has(host)) return 'host';
  return request.url?.startsWith('/') && !request.url.startsWith('//') ? null : 'target';
}

/** For calls and events: from a page of ours, and with the token that only the terminal has told. */
export function rejectUnauthenticated(request: IncomingMessage, token: string): RejectReason | null {
  const origins = headerValues(request, 'origin');
  if (origins.some((origin) => origin !== `http://${request.headers.host ?? ''}`)) return 'origin';
  if (isCrossSite(request)) return 'site';
  const [given, ...more] = headerValues(request, 'x-emulsion-token');
  return more.length === 0 && tokensEqual(given, token) ? null : 'token';
}

/** Whether the browser says that a page of somebody else asks. */
export function isCrossSite(request: IncomingMessage): boolean {
  return headerValues(request, 'sec-fetch-site').some((site) => site !== 'same-origin' && site !== 'none');
}

/** Every value that was sent: Node's own table keeps only the first of a doubled header. */
function headerValues(request: IncomingMessage, name: string): string[] {
  const raw = request.rawHeaders;
  return raw.flatMap((text, index) => (index % 2 === 0 && text.toLowerCase() === name ? [raw[index + 1] ?? ''] : []));
}
