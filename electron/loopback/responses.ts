import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome } from '../contract/api.ts';
import type { ErrorCode } from '../contract/errors/errors.ts';
import { PAGE_POLICY } from '../contract/security-policy.ts';

/** Headers of every response: the page loads only its own files, and other sites can't frame, embed or read it. */
export const SECURITY_HEADERS = {
  'content-security-policy': PAGE_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Sends a plain-text response to requests that don't come from our page. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : `${text}\n`);
}

/** Sends the outcome of a call. */
export function sendOutcome(response: ServerResponse, status: number, outcome: Outcome): void {
  const body = Buffer.from(JSON.stringify(outcome));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  response.end(body);
}

/** Sends the outcome of a call that was rejected before reaching the studio. */
export function sendError(response: ServerResponse, status: number, code: ErrorCode, message: string): void {
  sendOutcome(response, status, { error: { code, message, billing: 'none' } });
}

/** Whether the method is allowed; otherwise sends status 405. */
export function requireMethod(request: IncomingMessage, response: ServerResponse, ...methods: string[]): boolean {
  if (methods.includes(request.method ?? '')) return true;
  sendText(response, 405, 'Method not allowed.', { allow: methods.join(', ') });
  return false;
}
