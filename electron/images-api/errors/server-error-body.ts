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
  const error = withProviderError(errorFieldsOf(top));
  const inner: Body = isBody(error.innererror) ? error.innererror : {};
  const validationErrors = readValidationErrors(top.detail);
  const message =
    validationErrors?.message ??
    [...MESSAGE_FIELDS.map((name) => error[name]), top.error, top.detail, top.errors, top.message].find(isMessage) ??
    '';
  const violations = [error.safety_violations, top.safety_violations].find(Array.isArray);
  const addition = violations ? ` safety_violations=[${violations.map(toText).join(', ')}]` : contentFilterHits(inner);
  const said = typeof message === 'string' ? message : JSON.stringify(message);
  const clean = (value: unknown): string | null => {
    const isNamed =
      typeof value === 'number' || (typeof value === 'string' && !/^(?:none|null|)$/iu.test(value.trim()));
    return isNamed ? sanitizeText(String(value), apiKey).slice(0, 200) : null;
  };
  return {
    message: sanitizeText(said.includes('safety_violations') ? said : said + addition, apiKey),
    type: clean(error.type ?? (typeof error.status === 'string' ? error.status : null)),
    // Azure's inner code is more specific than the outer one.
    code: clean([inner.code, ...CODE_FIELDS.map((name) => error[name])].find((value) => value != null)),
    param: clean(error.param ?? validationErrors?.param),
  };
}

/** A relay's error, with the code and message of the provider behind it: OpenRouter's `metadata`. */
function withProviderError(error: Body): Body {
  const { metadata } = error;
  if (!isBody(metadata)) return error;
  if (metadata.flagged_input !== undefined) return { ...error, code: 'moderation' };
  const raw = typeof metadata.raw === 'string' ? parseBody(metadata.raw) : metadata.raw;
  if (!isBody(raw)) return error;
  const inner = errorFieldsOf(raw);
  const message = [error.message, MESSAGE_FIELDS.map((name) => inner[name]).find(isMessage)].filter(isMessage);
  return { ...error, ...inner, message: message.map(toText).join(': ') };
}

/** Names under which servers say what went wrong, the usual one first. */
const MESSAGE_FIELDS = [
  'message',
  'msg',
  'error_message',
  'errorMessage',
  'error_msg',
  'errmsg',
  'errMsg',
  'status_msg',
  'error_description',
  'reason',
  'title',
  'Message',
] as const;
const CODE_FIELDS = ['code', 'error_code', 'errorCode', 'errcode', 'status_code', 'Code'] as const;
/** Objects that hold these fields: OpenAI's and those of other providers. */
const ERROR_HOLDERS = [
  'error',
  'detail',
  'Error',
  'base_resp',
  'ResponseMetadata',
  'Response',
  'header',
  'fault',
  'errors',
  'output',
  'data',
] as const;

/** The object that says what went wrong; the body itself if no part of it does. */
function errorFieldsOf(top: Body, depth = 0): Body {
  for (const name of ERROR_HOLDERS) {
    const held: unknown = Array.isArray(top[name]) ? (top[name] as unknown[])[0] : top[name];
    if (isBody(held) && depth < 3) {
      const found = errorFieldsOf(held, depth + 1);
      if (name === 'error' || MESSAGE_FIELDS.some((field) => isMessage(found[field]))) return found;
    }
  }
  return top;
}

/** Whether a value is something that a person can read: no object, nothing empty. */
function isMessage(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && typeof value !== 'boolean' && !isBody(value);
}

/** Whether an object says in any of these ways that something went wrong. @param isEmpty values that say nothing */
export function saysError(fields: Body, isEmpty: (value: unknown) => boolean): boolean {
  const said = errorFieldsOf(fields);
  return [...MESSAGE_FIELDS.map((name) => said[name]), fields.error, fields.detail].some((value) => !isEmpty(value));
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

/**
 * The title of a web page, or its text without tags; plain text with white space collapsed. Reads every character once: a regular
 * expression for tags would start again at each "<".
 */
export function pageText(text: string): string {
  const [before = '', ...tags] = text.split('<');
  let words = before;
  /** The element whose content is no text. */
  let hidden: string | null = null;
  for (const tag of tags) {
    const end = tag.indexOf('>');
    const name = /^\/?[a-z]{1,10}\b/iu.exec(tag)?.[0].toLowerCase() ?? '';
    if (hidden !== null && name !== `/${hidden}`) continue;
    hidden = name === 'script' || name === 'style' ? name : null;
    const content = tag.slice(end + 1);
    if (name === 'title' && end !== -1 && content.trim() !== '') return content.trim();
    words += end === -1 ? `<${tag}` : hidden === null ? ` ${content}` : ' ';
  }
  return words.replace(/\s+/gu, ' ').trim();
}
