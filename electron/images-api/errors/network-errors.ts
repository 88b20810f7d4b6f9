import { OPENAI_BASE_URL } from '../../contract/catalogue/openai-base-url.ts';
import type { ConnectFault } from '../../contract/errors/details.ts';
import type { StudioError } from '../../contract/errors/errors.ts';
import { apiError } from './api-error.ts';
import { tlsDetail, tlsFaultOf } from './certificate-errors.ts';
import { ProxyError } from './proxy-error.ts';

/*
 * Errors of the connection to a server. `sent`: a connection was open, so the request may have reached the server and may have been
 * billed.
 */

/** OpenAI's own origin is preset, so a typing error is never suggested. */
const OPENAI = new URL(OPENAI_BASE_URL).origin;

const billing = (sent: boolean): 'possible' | 'none' => (sent ? 'possible' : 'none');

/** The user stopped the request. */
export function cancelledError(sent: boolean): StudioError {
  const detail = sent
    ? ({ kind: 'stopped-after-sending' } as const)
    : ({ kind: 'stopped-before-sending', by: 'user' } as const);
  return apiError({ code: 'cancelled', detail, billing: billing(sent) });
}

/** A timeout of the request (`total`) or of the time without any byte (`idle`). @param ms the limit in milliseconds */
export function timeoutError(limit: 'total' | 'idle', ms: number, sent: boolean): StudioError {
  return apiError({ code: 'timed-out', detail: { kind: 'timed-out', limit, ms }, billing: billing(sent) });
}

/** By error codes of Node, OpenSSL and undici. */
const FAULTS: Readonly<Record<string, ConnectFault>> = {
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  ETIMEDOUT: 'no-response',
  UND_ERR_CONNECT_TIMEOUT: 'no-response',
  EPROTO: 'no-tls',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no-tls',
};

function faultOf(codes: readonly string[]): ConnectFault {
  // Of a proxy over TLS.
  if (tlsFaultOf(codes)) return 'untrusted-certificate';
  return codes.map((code) => FAULTS[code]).find((fault) => fault !== undefined) ?? 'unknown';
}

/** The codes of an error, its causes, and the errors of an AggregateError. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error ? [String(error.code)] : [];
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [...own, ...inner.flatMap(codesOf), ...codesOf(error.cause)];
}

/** No connection to the URL `address` could be opened. The report names its host. */
export function unreachableError(error: unknown, address: string): StudioError {
  const { origin, host } = new URL(address);
  const codes = codesOf(error);
  const proxyError = findProxyError(error);
  if (proxyError) return proxyUnreachable(proxyError, host, codes);
  const ownOrigin = origin === OPENAI;
  const detail = tlsDetail({ host, ownOrigin }, codes, error) ?? {
    kind: 'unreachable' as const,
    host,
    why: faultOf(codes),
    ownOrigin,
  };
  return apiError({ code: 'server-unreachable', detail, billing: 'none' }, error);
}

function findProxyError(error: unknown): ProxyError | null {
  if (error instanceof ProxyError || !(error instanceof Error)) return error instanceof ProxyError ? error : null;
  return findProxyError(error.cause);
}

/** A proxy that did not connect to `host`. Only the server's name can have been sent. */
function proxyUnreachable(error: ProxyError, host: string, codes: readonly string[]): StudioError {
  const { proxy, status } = error;
  const shared = { code: 'server-unreachable', billing: 'none' } as const;
  if (status === null)
    return apiError({ ...shared, detail: { kind: 'proxy-unreachable', proxy, why: faultOf(codes) } }, error);
  const detail =
    status === 407
      ? ({ kind: 'proxy-unauthorised', proxy } as const)
      : ({ kind: 'proxy-refused', proxy, host, status } as const);
  return apiError({ ...shared, detail, server: { status } }, error);
}

/** An error on an open connection: `answer-garbled`, `answer-too-large` or `connection-lost`. */
export function brokenConnection(error: unknown): StudioError {
  const codes = codesOf(error);
  // Compressed bytes without their end, on a connection that was closed properly.
  if (codes.includes('Z_BUF_ERROR')) {
    const detail = { kind: 'response-truncated', streamed: false } as const;
    return apiError({ code: 'answer-cut', detail, billing: 'possible' }, error);
  }
  // The parser also reports an end that comes too early; its data is empty then.
  const isNotHttp = error instanceof Error && error.name === 'HTTPParserError' && 'data' in error && error.data !== '';
  if (isNotHttp || codes.some((code) => /^(?:Z_|ERR_BROTLI|ERR__ERROR|ZSTD_)/u.test(code))) {
    // The parser's error carries the bytes that it could not read, which may contain the key.
    const cause = isNotHttp ? new Error(error.message) : error;
    const detail = { kind: 'response-damaged', what: 'http' } as const;
    return apiError({ code: 'answer-garbled', detail, billing: 'possible' }, cause);
  }
  if (codes.includes('UND_ERR_HEADERS_OVERFLOW')) {
    const detail = { kind: 'response-too-large', what: 'headers' } as const;
    return apiError({ code: 'answer-too-large', detail, billing: 'possible' }, error);
  }
  return apiError({ code: 'connection-lost', detail: { kind: 'connection-broken' }, billing: 'possible' }, error);
}
