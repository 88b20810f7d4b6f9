import * as v from 'valibot';
import type { Outcome } from '../../contract/api.ts';
import { ENDPOINTS, isEndpointName, type EndpointName, type Payload, type Result } from '../../contract/endpoints.ts';
import { StudioError, toErrorReport, type Log } from '../../contract/errors/errors.ts';
import type { CallTimes } from '../../log/log.ts';
import { notSent } from '../../contract/errors/messages.ts';
import { isAllowedReadOnly } from '../../contract/read-only.ts';
import { readOnlyLibrary } from '../../library/files/read-only-library.ts';

/** One function for each endpoint: takes the validated payload, returns the result or throws. */
export type Handlers = { [N in EndpointName]: (payload: Payload<N>) => Result<N> | Promise<Result<N>> };

/**
 * Handles every call of both hosts: validates the payload (here only) and calls the handler. The returned function
 * never rejects; what a handler throws becomes `{ error }`.
 * @param isReadOnly refuses what would change the library
 */
export function createDispatch(
  handlers: Handlers,
  log: Log,
  calls: Pick<CallTimes, 'measure'>,
  isReadOnly = false,
): (endpoint: string, payload: unknown) => Promise<Outcome> {
  return async (endpoint, payload) => {
    try {
      if (!isEndpointName(endpoint)) {
        throw new StudioError({ code: 'unknown-endpoint', message: 'Unknown endpoint. Nothing was done.' });
      }
      if (isReadOnly && !isAllowedReadOnly(endpoint)) throw readOnlyLibrary();
      const handle = handlers[endpoint] as (payload: unknown) => unknown;
      return { ok: await calls.measure(endpoint, () => handle(checkPayload(endpoint, payload))) };
    } catch (thrown) {
      const report = toErrorReport(thrown);
      // An unexpected error is a bug: its stack goes to the log, not to the screen.
      if (report.code === 'internal') log(`${endpoint} failed`, thrown);
      return { error: report };
    }
  };
}

function checkPayload(endpoint: EndpointName, payload: unknown): unknown {
  const checked = v.safeParse(ENDPOINTS[endpoint].payload, payload);
  if (!checked.success) {
    const issue = checked.issues[0];
    throw badPayload(endpoint, issue.path?.map(({ key }) => String(key)) ?? [], complaintOf(issue));
  }
  const list = listForObject(payload, checked.output);
  if (list) throw badPayload(endpoint, list, 'Expected an object and received a list.');
  return checked.output;
}

/** The complaint without the value: it may be a key in the wrong field. Lengths and counts stay. */
function complaintOf({ message, received }: v.BaseIssue<unknown>): string {
  if (/^-?\d+$/u.test(received)) return message;
  return message.replace(/(?: but received| received) [^]*$/u, '.');
}

/** Names of fields in all payloads' schemas. A payload's other names are somebody's text, such as a key in the wrong place. */
const FIELD_NAMES: ReadonlySet<string> = new Set(
  Object.values(ENDPOINTS).flatMap(({ payload }) => fieldNamesOf(payload, new Set())),
);

function fieldNamesOf(schema: unknown, seen: Set<unknown>): string[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return [];
  seen.add(schema);
  const fields = 'entries' in schema && typeof schema.entries === 'object' ? Object.keys(schema.entries ?? {}) : [];
  return [...fields, ...Object.values(schema).flatMap((inner) => fieldNamesOf(inner, seen))];
}

/** A part of a path for the message: a field's name or a position. */
function shownPart(part: string): string {
  return FIELD_NAMES.has(part) || /^\d{1,6}$/u.test(part) ? part : '…';
}

/** The path of a list in the place of an object, which valibot accepts, or null. Checks the depth of the validated payload. */
function listForObject(given: unknown, taken: unknown): string[] | null {
  if (typeof taken !== 'object' || taken === null) return null;
  if (Array.isArray(given) !== Array.isArray(taken)) return [];
  for (const [name, value] of Object.entries(taken)) {
    const below = listForObject((given as Record<string, unknown>)[name], value);
    if (below) return [name, ...below];
  }
  return null;
}

function badPayload(endpoint: EndpointName, parts: string[], complaint: string): StudioError {
  const path = parts.map(shownPart).join('.');
  return new StudioError({
    code: 'bad-payload',
    message: notSent(`${path === '' ? 'The request' : `“${path}”`} is not valid for ${endpoint}: ${complaint}`),
    ...(path === '' ? {} : { field: path.replace(/^(?:request\.)?(?:parameters\.)?/u, '') }),
  });
}
