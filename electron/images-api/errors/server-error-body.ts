import { sanitizeText } from './redact.ts';

/** A server's error, redacted for display; '' and null for missing fields. */
export interface ServerErrorBody {
  message: string;
  type: string | null;
  code: string | null;
  param: string | null;
}

type Body = Readonly<Record<string, unknown>>;

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Parses an error body: `{error: {message, type, code, param}}`, `{"error": "text"}`, `{"detail": …}`, `{message, code}`, a web page, plain
 * text or nothing.
 * @param body text, or a value that was parsed already
 */
export function readServerErrorBody(body: unknown, apiKey: string | null): ServerErrorBody {
  const parsed = typeof body === 'string' ? parseBody(body) : body;
  const top: Body = isBody(parsed) ? parsed : { message: parsed };
  const error: Body = isBody(top.error) ? top.error : isBody(top.detail) ? top.detail : top;
  const inner: Body = isBody(error.innererror) ? error.innererror : {};
  const validationErrors = readValidationErrors(top.detail);
  const message =
    validationErrors?.message ??
    [error.message, top.error, top.detail, top.title].find((value) => value != null && !isBody(value)) ??
    '';
  const violations = [error.safety_violations, top.safety_violations].find(Array.isArray);
  const addition = violations ? ` safety_violations=[${violations.map(toText).join(', ')}]` : contentFilterHits(inner);
  const said = typeof message === 'string' ? message : JSON.stringify(message);
  const clean = (value: unknown): string | null =>
    typeof value === 'string' || typeof value === 'number' ? sanitizeText(String(value), apiKey).slice(0, 200) : null;
  return {
    message: sanitizeText(said.includes('safety_violations') ? said : said + addition, apiKey),
    type: clean(error.type),
    // Azure's inner code is more specific than the outer one.
    code: clean(inner.code ?? error.code),
    param: clean(error.param ?? validationErrors?.param),
  };
}

/** `String()` may throw for a parsed object with its own `toString` field. */
function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The categories that Azure's content filter rejected: `innererror.content_filter_result`, one entry for each category. */
function contentFilterHits(inner: Body): string {
  const result = inner.content_filter_result ?? inner.content_filter_results;
  if (!isBody(result)) return '';
  const hits = Object.entries(result).flatMap(([category, verdict]) => {
    if (!isBody(verdict) || verdict.filtered !== true) return [];
    return [typeof verdict.severity === 'string' ? `${category} (${verdict.severity})` : category];
  });
  return hits.length > 0 ? ` content_filter=[${hits.join(', ')}]` : '';
}

/** FastAPI's validation errors, `[{loc: ['body', 'image'], msg}]`, as `image: Field required`; null for any other value. */
function readValidationErrors(detail: unknown): { message: string; param: string | null } | null {
  if (!Array.isArray(detail)) return null;
  const validationErrors = detail.flatMap((fault: unknown) => {
    if (!isBody(fault) || typeof fault.msg !== 'string') return [];
    const place: unknown = Array.isArray(fault.loc) ? fault.loc.at(-1) : null;
    return [{ text: fault.msg, param: typeof place === 'string' && place !== 'body' ? place : null }];
  });
  const [first] = validationErrors;
  if (!first || validationErrors.length < detail.length) return null;
  const message = validationErrors.map(({ text, param }) => (param === null ? text : `${param}: ${text}`)).join('; ');
  return { message, param: first.param };
}

function parseBody(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    // Throws for a value that is nested too deeply to be stored.
    JSON.stringify(body);
    return body;
  } catch {
    // A web page or plain text.
    return pageText(text);
  }
}

/** The title of a web page, or its text without tags; plain text with white space collapsed. */
export function pageText(text: string): string {
  const title = /<title[^>]*>([^<]*)</iu.exec(text)?.[1]?.trim();
  if (title) return title;
  return text
    .replace(/<(script|style)\b[\s\S]*?(<\/\1\s*>|$)/giu, ' ')
    .replace(/<[^>]*>/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}
