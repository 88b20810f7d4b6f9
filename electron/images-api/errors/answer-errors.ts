import type { ErrorDetail } from '../../contract/errors/details.ts';
import type { ErrorCode, ServerMessage, StudioError } from '../../contract/errors/errors.ts';
import { apiError } from './api-error.ts';

/*
 * Errors of a response that began with status 2xx, or of the disk that it is written to. The server has started processing, so billing is
 * `possible`; the client changes it to `billed` once a finished image or a usage figure has arrived.
 */

type Detail<K extends ErrorDetail['kind']> = Extract<ErrorDetail, { kind: K }>;

function answerError(code: ErrorCode, detail: ErrorDetail, cause?: unknown, server?: ServerMessage): StudioError {
  return apiError({ code, detail, billing: 'possible', ...(server && { server }) }, cause);
}

/** JSON, base64 or an event that cannot be parsed. */
export function damagedAnswer(what: Detail<'response-damaged'>['what'], cause?: unknown): StudioError {
  return answerError('answer-garbled', { kind: 'response-damaged', what }, cause);
}

/** A size or count above a limit. */
export function answerTooLarge(what: Detail<'response-too-large'>['what']): StudioError {
  return answerError('answer-too-large', { kind: 'response-too-large', what });
}

/** An event stream that was closed properly, but without its last event. */
export function truncatedStream(): StudioError {
  return answerError('answer-cut', { kind: 'response-truncated', streamed: true });
}

/** A JSON document whose end is missing, on a connection that was closed properly. */
export function truncatedJson(): StudioError {
  return answerError('answer-cut', { kind: 'response-truncated', streamed: false });
}

/** A complete response with neither an image nor an error. */
export function emptyAnswer(): StudioError {
  return answerError('answer-empty', { kind: 'response-without-image' });
}

/** A response that is a web page or plain text. @param excerpt its text, redacted */
export function answerNotJson(excerpt: string, status: number): StudioError {
  return answerError('answer-not-json', { kind: 'response-not-json' }, undefined, { status, message: excerpt });
}

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** A file system error while a response was being written. */
export function diskError(error: unknown): StudioError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (FULL.has(code)) return answerError('disk-full', { kind: 'disk-full' }, error);
  return answerError('disk-unwritable', { kind: 'disk-unwritable', code: code === '' ? null : code }, error);
}
