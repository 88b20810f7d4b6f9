import type { ProfileCheck } from '../contract/entities/profiles.ts';
import { StudioError } from '../contract/errors/errors.ts';
import { isAzure } from './request/endpoints.ts';
import { answerNotJson, answerTooLarge } from './errors/answer-errors.ts';
import { amendError } from './errors/api-error.ts';
import { errorFromResponse } from './errors/server-errors.ts';
import { readErrorBody, readText, withExchange } from './transport/exchange.ts';
import { DEFAULT_LIMITS } from './transport/limits.ts';
import { sanitizeText } from './errors/redact.ts';
import { buildModelsRequest, type Connection } from './request/build-request.ts';
import { pageText } from './errors/server-error-body.ts';

const LIST_MS = 20_000;
const LIST_BYTES = 8 * 1024 * 1024;
/** Further models are dropped: the list is shown and stored in the settings. */
const MAX_MODELS = 2000;
const MAX_NAME_LENGTH = 256;

/**
 * Returns the server's models (`GET {base}/models`) and the time this took. The request costs nothing and also checks address and key.
 * Reads OpenAI's form, `{data: [{id}]}`, and the lists of names of other servers.
 * @param limitMs time limit in milliseconds
 * @throws StudioError always with billing `none`
 */
export async function listModels(
  connection: Connection,
  signal: AbortSignal,
  limitMs = LIST_MS,
): Promise<ProfileCheck> {
  const limits = { ...DEFAULT_LIMITS, totalMs: limitMs, idleMs: limitMs, connectMs: limitMs };
  const { apiKey, proxy } = connection;
  const started = performance.now();
  try {
    return await withExchange(buildModelsRequest(connection), { limits, signal, proxy }, async (exchange) => {
      const { status, headers } = exchange;
      if (status < 200 || status >= 300)
        throw errorFromResponse({
          status,
          headers,
          body: await readErrorBody(exchange),
          apiKey,
          azure: isAzure(connection.server),
        });
      const body = await readText(exchange, LIST_BYTES);
      if (body.length >= LIST_BYTES) throw answerTooLarge('model-list');
      const models = readModels(body, apiKey);
      if (!models) throw answerNotJson(sanitizeText(pageText(body), apiKey), status);
      return { models, tookMs: performance.now() - started };
    });
  } catch (error) {
    // Listing models is never billed.
    throw error instanceof StudioError ? amendError(error, { billing: 'none' }) : error;
  }
}

/** The names in a list of models, with the key removed, or null when the body is not such a list. */
function readModels(body: string, apiKey: string | null): string[] | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const list = [value, fields.data, fields.models].find(Array.isArray) as unknown[] | undefined;
  const names = list?.slice(0, MAX_MODELS).map((entry) => sanitizeText(nameOf(entry), apiKey, MAX_NAME_LENGTH));
  return names?.filter((name) => name !== '') ?? null;
}

function nameOf(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  if (typeof entry !== 'object' || entry === null) return '';
  const { id, name } = entry as Record<string, unknown>;
  return typeof id === 'string' ? id : typeof name === 'string' ? name : '';
}
