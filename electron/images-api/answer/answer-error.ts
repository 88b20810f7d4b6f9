import { saysError } from '../errors/server-error-body.ts';
import { isJsonObject, type JsonObject } from './answer-shapes.ts';

/** Whether a value says nothing: null, false, 0, "", [], {}, or an object of such values. Servers send it as `error` of a success. */
function isEmpty(value: unknown): boolean {
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
