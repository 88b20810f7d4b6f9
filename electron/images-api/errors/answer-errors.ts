import type { ErrorCode, ServerMessage, StudioError } from '../../contract/errors/errors.ts';
import { apiError } from './api-error.ts';

/*
 * What can be wrong with an answer that began well (status 2xx), or with the disk that it goes to. The server has worked by then, so
 * money may be gone: `possible`, which the client turns into `billed` once a finished image or a usage figure has arrived.
 */

function answerError(code: ErrorCode, sentence: string, cause?: unknown, server?: ServerMessage): StudioError {
  return apiError({ code, sentence, billing: 'possible', ...(server && { server }) }, cause);
}

const NEXT = 'If it happens again, check the server or a proxy in between.';

/** Bytes that are not what they should be: JSON, base64 or an event that cannot be read. `detail` is a sentence about what it was. */
export function damagedAnswer(detail: string, cause?: unknown): StudioError {
  return answerError('answer-garbled', `The server’s answer is damaged. ${detail} ${NEXT}`, cause);
}

/** More than the limits allow. `detail` is a sentence about what was too large. */
export function answerTooLarge(detail: string): StudioError {
  return answerError('answer-too-large', `${detail} The rest was not read.`);
}

/** A stream of events that ended, politely, without the event that ends it. */
export function truncatedStream(): StudioError {
  return answerError('answer-cut', `The server ended its answer before the image was finished. ${NEXT}`);
}

/** A JSON document that ended, politely, before it was closed. */
export function truncatedJson(): StudioError {
  return answerError('answer-cut', `The server’s answer ends in the middle. ${NEXT}`);
}

/** An answer that is whole and holds neither an image nor an error. */
export function emptyAnswer(): StudioError {
  const next = 'Check that the model makes images and that the base URL belongs to an Images API.';
  return answerError('answer-empty', `The server answered without an image. ${next}`);
}

/** An answer that is a web page or plain text. `excerpt` is the server's own words, without keys. */
export function answerNotJson(excerpt: string, status: number): StudioError {
  const what = 'The server answered with something that is not the Images API, such as a web page.';
  const next = 'Check the base URL of the profile, which usually ends in /v1.';
  return answerError('answer-not-json', `${what} ${next}`, undefined, { status, message: excerpt });
}

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** An error of the file system while an answer was being written down. */
export function diskError(error: unknown): StudioError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (FULL.has(code)) {
    return answerError(
      'disk-full',
      'The disk is full, so the image could not be saved. Make room before you try again.',
      error,
    );
  }
  const what = `The library’s folder cannot be written${code && ` (${code})`}, so the image could not be saved.`;
  return answerError('disk-unwritable', `${what} Check that the folder exists and may be written.`, error);
}
