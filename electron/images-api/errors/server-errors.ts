import type { ErrorDetail } from '../../contract/errors/details.ts';
import type { Billing, ErrorCode, ServerMessage, StudioError } from '../../contract/errors/errors.ts';
import { header, type ResponseHeaders } from '../headers/response-headers.ts';
import { MAX_RETRY_WAIT_MS, readRetryAfter } from '../headers/retry-after.ts';
import { waitInSentence } from '../headers/wait-text.ts';
import { apiError } from './api-error.ts';
import { sanitizeText } from './redact.ts';
import { challengeBy, isWebPage } from './challenge-page.ts';
import { refusalOf, type Refusal, type RefusedRequest } from './refusal-causes.ts';
import { readServerErrorBody, type ServerErrorBody } from './server-error-body.ts';

/** An error response of a server. `body` is its text, or an object that was parsed already. */
export interface ErrorResponse {
  status: number;
  headers: ResponseHeaders;
  body: unknown;
  /** Redacted from everything that the server sent. */
  apiKey: string | null;
  model?: string | null;
  /** Whether the profile uses Azure. */
  azure?: boolean;
  now?: number;
}

interface Classification {
  code: ErrorCode;
  detail: ErrorDetail;
  billing?: Billing;
  field?: string;
}

/** The id under which the provider can look up a request: OpenAI's, Azure's, or null. */
export function readRequestId(headers: ResponseHeaders): string | null {
  const id = header(headers, 'x-request-id') ?? header(headers, 'apim-request-id');
  return id === null ? null : id.slice(0, 200);
}

/** The error of an HTTP response with status 300 or above. */
export function errorFromResponse(response: ErrorResponse): StudioError {
  const body = readServerErrorBody(response.body, response.apiKey);
  const server = serverDetails(body, response);
  return apiError({ billing: 'none', ...classify(response, body, server), server });
}

/**
 * The error of an `error` inside a response with status 200. The server had started processing, so it may have been billed, unless the
 * whole response says that it was refused.
 */
export function errorFromAnswer(response: ErrorResponse): StudioError {
  const body = readServerErrorBody(response.body, response.apiKey);
  const server = serverDetails(body, response);
  const refusal = refusalOf(body, refused(response), true);
  const isStream = /event-stream/iu.test(header(response.headers, 'content-type') ?? '');
  if (refusal) {
    const { isBefore, ...classified } = refusal;
    return apiError({ ...classified, billing: isBefore && !isStream ? 'none' : 'possible', server });
  }
  const classified = classifyByCode(body, response, server) ?? failedMidway(body);
  return apiError({ ...classified, billing: 'possible', server });
}

function failedMidway({ message }: ServerErrorBody): Classification {
  const detail =
    message === ''
      ? ({ kind: 'failed-midway' } as const)
      : { kind: 'failed-midway' as const, message: shorten(message) };
  return classification('server-failed', detail);
}

function refused({ apiKey, model = null }: ErrorResponse): RefusedRequest {
  return { hasKey: apiKey !== null, model };
}

function serverDetails(body: ServerErrorBody, response: ErrorResponse): ServerMessage {
  const requestId = readRequestId(response.headers);
  const retryAfterMs = waitOf(response, body.message);
  return {
    status: response.status,
    ...body,
    ...(requestId !== null && { requestId: sanitizeText(requestId, response.apiKey) }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The wait that the headers name. One of many hours in the text takes precedence: it tells of a longer limit. */
function waitOf({ headers, now = Date.now() }: ErrorResponse, message: string): number | undefined {
  const named = readRetryAfter(headers, now);
  const said = waitInSentence(message);
  return named === undefined || (said ?? 0) > MAX_RETRY_WAIT_MS ? said : named;
}

/** A wait for a sentence; null for none and for one in the past. */
function shownWait({ retryAfterMs }: ServerMessage): number | null {
  return retryAfterMs === undefined || retryAfterMs < 0 ? null : retryAfterMs;
}

function classification(
  code: ErrorCode,
  detail: ErrorDetail,
  more: Pick<Classification, 'billing' | 'field'> = {},
): Classification {
  return { code, detail, ...more };
}

function classify(response: ErrorResponse, body: ServerErrorBody, server: ServerMessage): Classification {
  return classifyByCode(body, response, server) ?? classifyByStatus(response, body, server);
}

const QUOTA_EXHAUSTED = classification('quota-exhausted', { kind: 'quota-exhausted' });

/** Statuses whose message doesn't say why: the address is wrong, or the request too large. */
const NO_CAUSE = new Set([404, 405, 407, 408, 413, 501]);

/** Codes of a complaint about what was typed, which the message may quote. */
const ABOUT_INPUT = /^invalid_?(?:prompt|value|parameter|input|size|type)/iu;

/** By the server's error code or words, or by who answered. They take precedence over the status. */
function classifyByCode(body: ServerErrorBody, response: ErrorResponse, server: ServerMessage): Classification | null {
  const { status, headers } = response;
  const by = status < 400 ? null : challengeBy(headers, response.body);
  if (by !== null) return challenged(by);
  const isWeb = isWebPage(response.body);
  const readsWords =
    !isWeb && body.param === null && !ABOUT_INPUT.test(body.code ?? '') && !NO_CAUSE.has(status) && status >= 400;
  const refusal = refusalOf(body, refused(response), readsWords);
  if (refusal && !isRateLimit(refusal, body, status)) {
    const { isBefore: _, ...classified } = refusal;
    return classified;
  }
  if (body.code === 'rate_limit_exceeded') return rateLimited(server);
  if (status === 511 || (isWeb && status === 403)) return challenged(null);
  return null;
}

/** A 429 with "quota exceeded" as its code, without a word about credit, is a rate limit of many providers. */
function isRateLimit({ code }: Refusal, body: ServerErrorBody, status: number): boolean {
  return status === 429 && code === 'quota-exhausted' && /^quota_?exceeded$/iu.test(body.code ?? '');
}

function challenged(by: string | null): Classification {
  return classification('blocked-in-between', { kind: 'challenged', by });
}

function classifyByStatus(response: ErrorResponse, body: ServerErrorBody, server: ServerMessage): Classification {
  const { status } = response;
  if (status < 400) return redirected(response);
  if (status === 401) return keyRejected(response);
  if (status === 402) return QUOTA_EXHAUSTED;
  if (status === 403) return classification('permission-denied', { kind: 'permission-denied' });
  if (status === 451) return classification('region-unsupported', { kind: 'region-unsupported' });
  if (status === 404 || status === 405 || status === 501)
    return classification('endpoint-missing', { kind: 'endpoint-missing', azure: response.azure === true });
  if (status === 407) return classification('server-unreachable', { kind: 'proxy-unauthorised', proxy: null });
  if (status === 413) return classification('request-refused', { kind: 'request-too-large' });
  if (status === 429) return rateLimited(server);
  if (status === 408 || status >= 500) return failed(status, server);
  return refusedFor(body, status);
}

function keyRejected({ apiKey }: ErrorResponse): Classification {
  return apiKey === null
    ? classification('key-missing', { kind: 'key-missing' })
    : classification('key-refused', { kind: 'key-refused' });
}

function redirected({ headers, status, apiKey }: ErrorResponse): Classification {
  const target = header(headers, 'location');
  const to = target === null ? null : sanitizeText(target.replace(/[?#].*$/su, ''), apiKey).slice(0, 200);
  // 303 "See Other" follows a processed request (RFC 9110, 15.4.4); the others name another URL for the same request.
  return classification('endpoint-missing', { kind: 'redirected', to }, status === 303 ? { billing: 'possible' } : {});
}

function rateLimited(server: ServerMessage): Classification {
  return classification('rate-limited', { kind: 'rate-limited', waitMs: shownWait(server) });
}

function failed(status: number, server: ServerMessage): Classification {
  const waitMs = shownWait(server);
  const isGateway = status === 504 || status === 524 || status === 408;
  const detail: ErrorDetail = { kind: isGateway ? 'gateway-timed-out' : 'server-failed', status, waitMs };
  return classification('server-failed', detail, { billing: 'possible' });
}

function refusedFor({ param, message }: ServerErrorBody, status: number): Classification {
  // The sentence names the parameter already, so FastAPI's prefix is removed.
  const own = param === null ? message : withoutPrefix(message, `${param}: `);
  const detail: ErrorDetail = { kind: 'request-refused', param, message: own === '' ? '' : shorten(own), status };
  return classification('request-refused', detail, param === null ? {} : { field: param });
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** A server's message on one line, at most 300 characters, with a full stop. */
function shorten(message: string): string {
  const line = message.replace(/\s+/gu, ' ');
  const short = line.length > 300 ? `${line.slice(0, 299)}…` : line;
  return /[.…]$/u.test(short) ? short : `${short}.`;
}
