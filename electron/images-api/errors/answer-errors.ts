import type { ErrorDetail } from '../../contract/errors/details.ts';
import type { ErrorCode, ServerMessage, StudioError } from '../../contract/errors/errors.ts';
import { apiError } from './api-error.ts';

/*
 * What can be wrong with an answer that began with status 2xx, or with the disk that it is written to. The server has worked by then, so
 * billing is `possible`; the client turns that into `billed` once a finished image or a usage figure has arrived.
 */

type Detail<K extends ErrorDetail['kind']> = Extract<ErrorDetail, { kind: K }>;

function answerError(code: ErrorCode, detail: ErrorDetail, cause?: unknown, server?: ServerMessage): StudioError {
  return apiError({ code, detail, billing: 'possible', ...(server && { server }) }, cause);
}

/** Bytes that are not what they should be: JSON, base64 or an event that cannot be read. */
export function damagedAnswer(what: Detail<'response-damaged'>['what'], cause?: unknown): StudioError {
  return answerError('answer-garbled', { kind: 'response-damaged', what }, cause);
}

/** More than a limit allows. */
export function answerTooLarge(what: Detail<'response-too-large'>['what']): StudioError {
  return answerError('answer-too-large', { kind: 'response-too-large', what });
}

/** A stream of events that was closed in order, but without its last event. */
export function truncatedStream(): StudioError {
  return answerError('answer-cut', { kind: 'response-truncated', streamed: true });
}

/** A JSON document whose end is missing, on a connection that was closed in order. */
export function truncatedJson(): StudioError {
  return answerError('answer-cut', { kind: 'response-truncated', streamed: false });
}

/** A complete answer with neither an image nor an error. */
export function emptyAnswer(): StudioError {
  return answerError('answer-empty', { kind: 'response-without-image' });
}

/** An answer that is a web page or plain text. `excerpt`: its text, without keys. */
export function answerNotJson(excerpt: string, status: number): StudioError {
  return answerError('answer-not-json', { kind: 'response-not-json' }, undefined, { status, message: excerpt });
}

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** An error of the file system while an answer was being written. */
export function diskError(error: unknown): StudioError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (FULL.has(code)) return answerError('disk-full', { kind: 'disk-full' }, error);
  return answerError('disk-unwritable', { kind: 'disk-unwritable', code: code === '' ? null : code }, error);
}
