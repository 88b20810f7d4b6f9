import type { StudioError } from '../../contract/errors/errors.ts';
import { OPENAI_BASE_URL } from '../../contract/catalogue/openai-base-url.ts';
import { apiError } from './api-error.ts';
import { ProxyError } from './proxy-error.ts';

/*
 * What can happen on the way to a server and back. `sent`: a connection stood, so the request may have reached the server and may
 * have been billed.
 */

/** Nobody mistyped that. */
const OPENAI = new URL(OPENAI_BASE_URL).origin;

const billing = (sent: boolean): 'possible' | 'none' => (sent ? 'possible' : 'none');

/** The person's Stop. */
export function cancelledError(sent: boolean): StudioError {
  const sentence = sent ? 'You stopped this request after it had left.' : 'You stopped this request before it left.';
  return apiError({ code: 'cancelled', sentence, billing: billing(sent) });
}

/** The watchdog's limit of the whole time or of silence; `limit` in milliseconds. */
export function timeoutError(kind: 'total' | 'idle', limit: number, sent: boolean): StudioError {
  const time =
    limit >= 90_000 ? `${Math.round(limit / 60_000)} minutes` : `${Math.max(1, Math.round(limit / 1000))} seconds`;
  const what = kind === 'total' ? `The server was not done after ${time}` : `The server was silent for ${time}`;
  const sentence = `${what}, so Emulsion stopped waiting. Check the server’s state, or try a smaller size or a lower quality.`;
  return apiError({ code: 'timed-out', sentence, billing: billing(sent) });
}

/** Why no connection came about, and what to look at: for an address that somebody typed, which may be wrong, and for OpenAI's own. */
interface ConnectionProblem {
  why: string;
  check: string;
  checkForOpenAi: string;
}

const NETWORK = 'your network connection';
const IN_BETWEEN = `${NETWORK}, and any firewall or proxy`;
const NO_NAME: ConnectionProblem = {
  why: 'its name could not be looked up',
  check: `${NETWORK}, and the base URL for a slip`,
  checkForOpenAi: NETWORK,
};
const NO_ROUTE: ConnectionProblem = {
  why: 'there is no way to it',
  check: `${NETWORK} and the base URL`,
  checkForOpenAi: NETWORK,
};
const NO_ANSWER: ConnectionProblem = {
  why: 'it does not answer',
  check: `the base URL, ${IN_BETWEEN}`,
  checkForOpenAi: IN_BETWEEN,
};
const NO_TLS: ConnectionProblem = {
  why: 'it does not speak TLS at this port',
  check: 'whether the base URL should begin with http:// instead',
  checkForOpenAi: IN_BETWEEN,
};
const NO_TRUST: ConnectionProblem = {
  why: 'its certificate is not trusted here',
  check: 'the base URL, the computer’s date, and whether a proxy stands in between',
  checkForOpenAi: 'the computer’s date, and whether a proxy stands in between',
};
const UNKNOWN: ConnectionProblem = {
  why: 'the connection failed',
  check: `${NETWORK} and the base URL`,
  checkForOpenAi: IN_BETWEEN,
};
const CONNECTION_PROBLEMS: Readonly<Record<string, ConnectionProblem>> = {
  ENOTFOUND: NO_NAME,
  EAI_AGAIN: NO_NAME,
  ECONNREFUSED: {
    why: 'it refuses connections',
    check: 'that the server runs, and the base URL and its port',
    checkForOpenAi: IN_BETWEEN,
  },
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  ETIMEDOUT: NO_ANSWER,
  UND_ERR_CONNECT_TIMEOUT: NO_ANSWER,
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
};

/** The codes of an error, of its causes, and of the attempts that it sums up. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error ? [String(error.code)] : [];
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [...own, ...inner.flatMap(codesOf), ...codesOf(error.cause)];
}

/** No connection to `address` came about. Its host is shown. */
export function unreachableError(error: unknown, address: string): StudioError {
  const { origin, host } = new URL(address);
  const codes = codesOf(error);
  const proxyError = findProxyError(error);
  if (proxyError) return proxyUnreachable(proxyError, host, codes);
  const isCertificate = codes.some((code) => /CERT|UNABLE_TO_VERIFY|SELF_SIGNED|ALTNAME/u.test(code));
  const known = codes.map((code) => CONNECTION_PROBLEMS[code]).find((obstacle) => obstacle !== undefined);
  const { why, check, checkForOpenAi } = isCertificate ? NO_TRUST : (known ?? UNKNOWN);
  const next = origin === OPENAI ? checkForOpenAi : check;
  const sentence = `${host} cannot be reached: ${why}. Check ${next}. Nothing was sent.`;
  return apiError({ code: 'server-unreachable', sentence, billing: 'none' }, error);
}

function findProxyError(error: unknown): ProxyError | null {
  if (error instanceof ProxyError || !(error instanceof Error)) return error instanceof ProxyError ? error : null;
  return findProxyError(error.cause);
}

const PROXY_SETTING = 'the proxy in Settings, Sending';

/** A proxy that opened no way to `host`: at most the name of the server has left. */
function proxyUnreachable(error: ProxyError, host: string, codes: readonly string[]): StudioError {
  const { proxy, status } = error;
  const known = codes.map((code) => CONNECTION_PROBLEMS[code]).find((obstacle) => obstacle !== undefined);
  const sentence =
    status === null
      ? `The proxy ${proxy} cannot be used: ${known?.why ?? 'it broke off'}. Check ${PROXY_SETTING}, and that it runs. Nothing was sent.`
      : status === 407
        ? `The proxy ${proxy} refused: it wants a name and a password, or does not take these. Check ${PROXY_SETTING}. Nothing was sent.`
        : `The proxy ${proxy} refused to open a way to ${host} (${status}). Check that it may reach that server, or change ${PROXY_SETTING}. Nothing was sent.`;
  const server = status === null ? undefined : { status };
  return apiError({ code: 'server-unreachable', sentence, billing: 'none', ...(server && { server }) }, error);
}

/** An error of a connection that had stood: by what it means for the answer. */
export function brokenConnection(error: unknown): StudioError {
  const codes = codesOf(error);
  // The parser also is what notices an end that comes too early; then there are no bytes that it could not read.
  const isNotHttp = error instanceof Error && error.name === 'HTTPParserError' && 'data' in error && error.data !== '';
  if (
    isNotHttp ||
    codes.some((code) => code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR'))
  ) {
    const sentence = 'The server’s answer cannot be read. Check that the base URL belongs to an Images API.';
    // The parser's error carries what it could not read, which may be anything, an echo of the key too.
    const cause = isNotHttp ? new Error(error.message) : error;
    return apiError({ code: 'answer-garbled', sentence, billing: 'possible' }, cause);
  }
  if (codes.includes('UND_ERR_HEADERS_OVERFLOW')) {
    const sentence = 'The server’s answer begins with more headers than Emulsion takes. Check the base URL.';
    return apiError({ code: 'answer-too-large', sentence, billing: 'possible' }, error);
  }
  const sentence = 'The connection to the server broke before the answer was whole. Check your network connection.';
  return apiError({ code: 'connection-lost', sentence, billing: 'possible' }, error);
}
