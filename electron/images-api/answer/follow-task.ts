import { setTimeout as pause } from 'node:timers/promises';
import type { TaskAddress } from '../../contract/catalogue/servers.ts';
import type { ServerMessage } from '../../contract/errors/errors.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { emptyAnswer } from '../errors/answer-errors.ts';
import { taskError } from '../errors/task-error.ts';
import { errorFromResponse } from '../errors/server-errors.ts';
import { sanitizeText } from '../errors/redact.ts';
import { header } from '../headers/response-headers.ts';
import { isPlausibleWait, readRetryAfter } from '../headers/retry-after.ts';
import { buildHeaders, type Connection } from '../request/build-request.ts';
import { joinUrl } from '../request/endpoints.ts';
import { readErrorBody, withExchange, type Exchange, type Traffic } from '../transport/exchange.ts';
import type { Limits } from '../transport/limits.ts';
import type { AnswerCollector } from './answer-collector.ts';
import { isJsonObject } from './answer-shapes.ts';
import { readAnswer } from './read-answer.ts';
import { taskOfAccepted, UnfinishedTask, type Task } from './task.ts';

interface AnswerOptions {
  connection: Connection;
  limits: Limits;
  apiKey: string | null;
  proxy: string | null;
  traffic?: Traffic;
}

/** Each wait without a word from the server is longer than the last by this factor, up to {@link MAX_POLL_MS}. */
const POLL_GROWTH = 1.5;
const MAX_POLL_MS = 15_000;
/** Addresses in a row that name another one. */
const MAX_MOVES = 8;
/** A task may not be known everywhere at once, and a gateway may fail now and then. */
const MAX_FAILURES = 8;
const PASSING = new Set([404, 408, 425, 429, 500, 502, 503, 504, 520, 522, 524]);

/**
 * Reads the answer to a request. Where it is a task, asks for its result as the kind of server says, with GET requests to the same origin,
 * until it is there, the request's time is over or the user stops it. The request itself is never repeated.
 * @throws StudioError
 */
export async function readAnswerOrTask(
  exchange: Exchange,
  delivery: AnswerCollector,
  options: AnswerOptions,
): Promise<void> {
  try {
    await readAnswer(exchange, delivery, options);
  } catch (error) {
    const task = taskIn(error, exchange, delivery);
    if (!task) throw error;
    // The answer is complete; the request's time limit and Stop stay in effect.
    exchange.close();
    await followTask(task, exchange, delivery, options);
  }
}

/** The task of an answer that could not be read as images, or null. @throws StudioError for a task that has ended */
function taskIn(error: unknown, { status, headers }: Exchange, delivery: AnswerCollector): Task | null {
  if (delivery.images > 0) return null;
  if (error instanceof UnfinishedTask) {
    // A task that has ended without an image is an ordinary answer without one.
    if (error.task.state === 'done') throw emptyAnswer();
    return error.task;
  }
  const isAccepted = status === 202 || (status === 201 && header(headers, 'location') !== null);
  return isAccepted && error instanceof StudioError && error.code === 'answer-empty'
    ? taskOfAccepted(delivery.options.documents.all.at(-1))
    : null;
}

async function followTask(
  task: Task,
  exchange: Exchange,
  delivery: AnswerCollector,
  options: AnswerOptions,
): Promise<void> {
  const { apiKey } = options;
  const id = task.id === null ? null : sanitizeText(task.id, apiKey);
  const first = taskUrl(task, exchange, delivery.options.requestUrl, options.connection);
  if (first === null) throw taskError(id, 'shown');
  let url: string = first;
  let failures = 0;
  let moves = 0;
  let pace = options.limits.pollMs;
  let wait = namedWait(exchange, options.limits) ?? pace;
  for (;;) {
    await sleep(wait, exchange, id);
    const next: 'done' | Unfinished = await ask(url, exchange, delivery, options).catch((error: unknown) => {
      throw stoppedOr(error, exchange, id);
    });
    if (next === 'done') return;
    if (next.refusal) {
      failures += 1;
      if (failures > MAX_FAILURES || !PASSING.has(next.refusal.status ?? 0))
        throw taskError(id, 'refused', next.refusal);
    } else failures = 0;
    moves = next.url === null ? 0 : moves + 1;
    if (moves > MAX_MOVES) throw taskError(id, 'refused');
    if (next.url !== null) url = next.url;
    if (next.wait === null) pace = Math.min(MAX_POLL_MS, pace * POLL_GROWTH);
    wait = next.wait ?? pace;
    exchange.touch();
  }
}

interface Unfinished {
  /** Another URL to ask from now on. */
  url: string | null;
  /** Milliseconds, if the server names them. */
  wait: number | null;
  refusal: ServerMessage | null;
}

/** Asks once. */
async function ask(
  url: string,
  parent: Exchange,
  delivery: AnswerCollector,
  options: AnswerOptions,
): Promise<'done' | Unfinished> {
  const { connection, limits, proxy, apiKey } = options;
  const prepared = { method: 'GET', url, headers: buildHeaders(connection), body: null } as const;
  // A question is no request for an image, so it is not counted as sent.
  const traffic = { sent: () => undefined, received: (bytes: number) => options.traffic?.received(bytes) };
  const exchangeOptions = { limits, signal: parent.signal, proxy, traffic };
  try {
    return await withExchange(prepared, exchangeOptions, (exchange) => readResult(exchange, url, delivery, options));
  } catch (error) {
    const isBroken = error instanceof StudioError && ['server-unreachable', 'connection-lost'].includes(error.code);
    if (!isBroken || delivery.images > 0 || delivery.unfetchedUrls.size > 0 || parent.signal.aborted) throw error;
    const message = sanitizeText(error.message, apiKey);
    return { url: null, wait: null, refusal: { status: 503, message } };
  }
}

async function readResult(
  exchange: Exchange,
  url: string,
  delivery: AnswerCollector,
  options: AnswerOptions,
): Promise<'done' | Unfinished> {
  const { status, headers } = exchange;
  const wait = namedWait(exchange, options.limits);
  if (status >= 300 && status < 400) {
    const moved = sameOrigin(header(headers, 'location'), url);
    if (moved !== null && moved !== url) return { url: moved, wait: 0, refusal: null };
  }
  if (status < 200 || status >= 300) {
    const body = await readErrorBody(exchange);
    delivery.options.documents.keepBody(body);
    const { server } = errorFromResponse({ status, headers, apiKey: options.apiKey, body }).report;
    return { url: null, wait, refusal: { ...server, status } };
  }
  delivery.requestUrl = url;
  try {
    await readAnswer(exchange, delivery, options);
    return 'done';
  } catch (error) {
    if (!(error instanceof UnfinishedTask)) throw error;
    const { state, fields } = error.task;
    if (state !== 'done') return { url: null, wait, refusal: null };
    // fal: the result has an address of its own.
    const result = sameOrigin(fields.response_url, url);
    if (result === null || result === url) throw emptyAnswer();
    return { url: result, wait: 0, refusal: null };
  }
}

/** The URL to ask, by the table of the server's kind; null when none is known or it is on another server. */
function taskUrl(
  { id, fields }: Task,
  { headers }: Exchange,
  requestUrl: string,
  { server, baseUrl }: Connection,
): string | null {
  const named = server.tasks.map((address) => addressOf(address, id, fields, headers, baseUrl));
  return named.map((address) => sameOrigin(address, requestUrl)).find((url) => url !== null) ?? null;
}

function addressOf(
  address: TaskAddress,
  id: string | null,
  fields: unknown,
  headers: Exchange['headers'],
  baseUrl: string,
): unknown {
  if (address.from === 'header') return header(headers, address.name);
  if (address.from === 'path')
    return id === null
      ? null
      : joinUrl(
          baseUrl,
          address.path.replace('{id}', () => encodeURIComponent(id)),
        );
  return address.path.split('.').reduce<unknown>((held, name) => (isJsonObject(held) ? held[name] : undefined), fields);
}

/** The key is sent with each question, so only the request's own origin is asked. */
function sameOrigin(address: unknown, requestUrl: string): string | null {
  if (typeof address !== 'string' || address === '' || !URL.canParse(address, requestUrl)) return null;
  const url = new URL(address, requestUrl);
  return url.origin === new URL(requestUrl).origin ? url.href : null;
}

/** Milliseconds until the next question, if the server names them. */
function namedWait({ headers }: Exchange, { pollMs }: Limits): number | null {
  const named = readRetryAfter(headers, Date.now());
  return named === undefined || !isPlausibleWait(named) ? null : Math.max(pollMs, named);
}

async function sleep(milliseconds: number, { signal }: Exchange, id: string | null): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal });
  } catch (error) {
    throw stoppedOr(error, { signal }, id);
  }
}

/** The error of a task that is not asked for any more because of a time limit or the user. */
function stoppedOr(error: unknown, { signal }: Pick<Exchange, 'signal'>, id: string | null): unknown {
  const reason: unknown = signal.aborted ? signal.reason : null;
  if (!(reason instanceof StudioError)) return error;
  return taskError(id, reason.code === 'cancelled' ? 'stopped' : 'timed-out');
}
