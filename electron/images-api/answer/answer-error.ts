import type { StudioError } from '../../contract/errors/errors.ts';
import { saysError } from '../errors/server-error-body.ts';
import { emptyAnswer } from '../errors/answer-errors.ts';
import { isJsonObject, type JsonObject } from './answer-shapes.ts';
import { readTask, UnfinishedTask } from './task.ts';

/** Whether a value says nothing: null, false, 0, "", [], {}, or an object of such values. Servers send it as `error` of a success. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === 0) return true;
  if (typeof value === 'string') return /^(?:|0|none|null|false|ok|success)$/iu.test(value.trim());
  if (Array.isArray(value)) return value.every(isEmpty);
  return isJsonObject(value) && Object.values(value).every(isEmpty);
}

/** Whether the `error` of a response or an event is an error. */
export function hasError({ error }: JsonObject): boolean {
  return !isEmpty(error);
}

/** Whether an answer without an image says why. */
export function isError(fields: JsonObject): boolean {
  return saysError(fields, isEmpty);
}

/** Why an answer has no image: it is a task, or the server says why, or nothing is known. */
export function errorWithoutImage(fields: JsonObject, toError: (fields: JsonObject) => StudioError): Error {
  const task = readTask(fields);
  if (task?.state === 'pending') return new UnfinishedTask(task);
  if (task?.state === 'unknown' && !hasError(fields) && isSuccess(fields)) return new UnfinishedTask(task);
  if (isError(fields) || task?.state === 'failed') return toError(fields);
  return task ? new UnfinishedTask(task) : emptyAnswer();
}

/** Whether an answer that has a message calls itself a success. */
function isSuccess({ success, code }: JsonObject): boolean {
  return success !== false && (code === undefined || [0, 200, 201, 202].includes(Number(code)) || isEmpty(code));
}
