import type { ErrorDetail } from '../../contract/errors/details.ts';
import type { Billing, ErrorCode, ServerMessage, StudioError } from '../../contract/errors/errors.ts';
import { header, type ResponseHeaders } from '../headers/response-headers.ts';
import { readRetryAfter } from '../headers/retry-after.ts';
import { apiError } from './api-error.ts';
import { sanitizeText } from './redact.ts';
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

/** The error of an `error` inside a response with status 200. The server had started processing, so it may have been billed. */
export function errorFromAnswer(response: ErrorResponse): StudioError {
  const body = readServerErrorBody(response.body, response.apiKey);
  const server = serverDetails(body, response);
  const classified =
    classifyByCode(body, response, server) ?? classification('server-failed', { kind: 'failed-midway' });
  return apiError({ ...classified, billing: 'possible', server });
}

function serverDetails(body: ServerErrorBody, response: ErrorResponse): ServerMessage {
  const requestId = readRequestId(response.headers);
  const retryAfterMs = readRetryAfter(response.headers, response.now ?? Date.now());
  return {
    status: response.status,
    ...body,
    ...(requestId !== null && { requestId: sanitizeText(requestId, response.apiKey) }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
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

/** Codes of a safety system: OpenAI's, its older models', and Azure's. */
const BLOCKED = new Set([
  'moderation_blocked',
  'content_policy_violation',
  'content_filter',
  'contentFilter',
  'ResponsibleAIPolicyViolation',
]);
const NO_CREDIT = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active']);
const QUOTA_EXHAUSTED = classification('quota-exhausted', { kind: 'quota-exhausted' });

/** By the server's error code, which takes precedence over the status. */
function classifyByCode(body: ServerErrorBody, response: ErrorResponse, server: ServerMessage): Classification | null {
  const code = body.code ?? '';
  const model = response.model ?? null;
  if (BLOCKED.has(code))
    return classification('moderation-blocked', { kind: 'moderation-blocked' }, { field: 'prompt' });
  if (NO_CREDIT.has(code) || body.type === 'insufficient_quota') return QUOTA_EXHAUSTED;
  if (code === 'invalid_api_key') return keyRejected(response);
  if (code === 'rate_limit_exceeded') return rateLimited(server);
  if (code === 'model_not_found')
    return classification('request-refused', { kind: 'model-unknown', model }, { field: 'model' });
  // Azure: the URL names a deployment that does not exist.
  if (code === 'DeploymentNotFound')
    return classification('request-refused', { kind: 'deployment-unknown', model }, { field: 'model' });
  return null;
}

function classifyByStatus(response: ErrorResponse, body: ServerErrorBody, server: ServerMessage): Classification {
  const { status } = response;
  if (status < 400) return redirected(response);
  if (status === 401) return keyRejected(response);
  if (status === 402) return QUOTA_EXHAUSTED;
  if (status === 403) return forbidden(body);
  if (status === 404 || status === 405 || status === 501)
    return classification('endpoint-missing', { kind: 'endpoint-missing', azure: response.azure === true });
  if (status === 407) return classification('server-unreachable', { kind: 'proxy-unauthorised', proxy: null });
  if (status === 413) return classification('request-refused', { kind: 'request-too-large' });
  if (status === 429) return rateLimited(server);
  if (status === 408 || status >= 500) return failed(status, server);
  return refused(body, status);
}

function keyRejected({ apiKey }: ErrorResponse): Classification {
  return apiKey === null
    ? classification('key-missing', { kind: 'key-missing' })
    : classification('key-refused', { kind: 'key-refused' });
}

function forbidden({ message }: ServerErrorBody): Classification {
  return /organi[sz]ation/iu.test(message) && /verif/iu.test(message)
    ? classification('organisation-unverified', { kind: 'organisation-unverified' })
    : classification('permission-denied', { kind: 'permission-denied' });
}

function redirected({ headers, status, apiKey }: ErrorResponse): Classification {
  const target = header(headers, 'location');
  const to = target === null ? null : sanitizeText(target.replace(/[?#].*$/su, ''), apiKey).slice(0, 200);
  // 303 "See Other" follows a processed request (RFC 9110, 15.4.4); the others name another URL for the same request.
  return classification('endpoint-missing', { kind: 'redirected', to }, status === 303 ? { billing: 'possible' } : {});
}

function rateLimited({ retryAfterMs: waitMs = null }: { retryAfterMs?: number | null }): Classification {
  return classification('rate-limited', { kind: 'rate-limited', waitMs });
}

function failed(status: number, { retryAfterMs: waitMs = null }: { retryAfterMs?: number | null }): Classification {
  const isGateway = status === 504 || status === 524 || status === 408;
  const detail: ErrorDetail = { kind: isGateway ? 'gateway-timed-out' : 'server-failed', status, waitMs };
  return classification('server-failed', detail, { billing: 'possible' });
}

function refused({ param, message }: ServerErrorBody, status: number): Classification {
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
