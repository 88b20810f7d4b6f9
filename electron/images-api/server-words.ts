import { cleanWords } from './redact.ts';

/** What a server says about an error, cleaned for people; '' and null for what it does not say. */
export interface Words {
  message: string;
  type: string | null;
  code: string | null;
  param: string | null;
}

type Body = Readonly<Record<string, unknown>>;

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads `{error: {message, type, code, param}}`, `{"error": "text"}`, `{"detail": …}`, `{message, code}`, a web page, plain text or
 * nothing.
 */
export function readWords(body: unknown, apiKey: string | null): Words {
  const parsed = typeof body === 'string' ? parseBody(body) : body;
  const top: Body = isBody(parsed) ? parsed : { message: parsed };
  const error: Body = isBody(top.error) ? top.error : isBody(top.detail) ? top.detail : top;
  const message =
    [error.message, top.error, top.detail, top.title].find((value) => value != null && !isBody(value)) ?? '';
  const violations = [error.safety_violations, top.safety_violations].find(Array.isArray);
  const addition = violations ? ` safety_violations=[${violations.join(', ')}]` : '';
  const said = typeof message === 'string' ? message : JSON.stringify(message);
  const clean = (value: unknown): string | null =>
    typeof value === 'string' || typeof value === 'number' ? cleanWords(String(value), apiKey).slice(0, 200) : null;
  return {
    message: cleanWords(said.includes('safety_violations') ? said : said + addition, apiKey),
    type: clean(error.type),
    code: clean(error.code),
    param: clean(error.param),
  };
}

function parseBody(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    // What is nested so deeply that it cannot be written is no words.
    JSON.stringify(body);
    return body;
  } catch {
    // Not JSON is one of the forms that an answer takes: a page's title says most, then its text.
    return pageText(text);
  }
}

/** The words of a web page: its title, or its text without tags; plain text as it is. */
export function pageText(text: string): string {
  const title = /<title[^>]*>([^<]*)</iu.exec(text)?.[1]?.trim();
  if (title) return title;
  return text
    .replace(/<(script|style)\b[\s\S]*?(<\/\1\s*>|$)/giu, ' ')
    .replace(/<[^>]*>/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}
