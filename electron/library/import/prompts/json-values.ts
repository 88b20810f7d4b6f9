/** Deeper JSON isn't read: no program writes it. */
const MAX_DEPTH = 100;

/** Strings, which stay as they are, and the numbers that Python writes and JSON doesn't know. */
const STRING_OR_NAN = /"[^"\\]*(?:\\.[^"\\]*)*"|NaN|-?Infinity/gu;

/** A JSON object in a text; null if the text isn't one. NaN and Infinity, which Python writes, are read as null. */
export function parseObject(text: string | null): Record<string, unknown> | null {
  if (text === null || !isObjectText(text) || isDeeperThan(MAX_DEPTH, text)) return null;
  const value = parse(text) ?? parseWithoutNan(text);
  return isObject(value) ? value : null;
}

/** Conversations are long lists in each other. */
const MAX_DOCUMENT_DEPTH = 1000;

/** Any JSON document; null if the text isn't one. */
export function parseJson(text: string): unknown {
  return isDeeperThan(MAX_DOCUMENT_DEPTH, text) ? null : parse(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON after all, or cut off: it is kept as it is and shown as text.
    return null;
  }
}

function parseWithoutNan(text: string): unknown {
  if (!/NaN|Infinity/u.test(text)) return null;
  try {
    return parse(text.replace(STRING_OR_NAN, (found) => (found.startsWith('"') ? found : 'null')));
  } catch {
    // A string too long for the expression.
    return null;
  }
}

const isObjectText = (text: string): boolean => text.slice(0, 1000).trimStart().startsWith('{');

/** Whether brackets are nested deeper, counted without parsing; those in strings count too. */
function isDeeperThan(max: number, text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at) | 0x20;
    // [ and { differ in that bit only, and so do ] and }.
    if (code === 0x7b) depth += 1;
    else if (code === 0x7d) depth -= 1;
    if (depth > max) return true;
  }
  return false;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object's own property; undefined for what it inherits. */
export function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A text or a number as a text; null for anything else. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

/** The entries of an object that are texts, numbers or truth values, without those named and without empty ones. */
export function plainEntries(
  object: Readonly<Record<string, unknown>>,
  without: readonly string[] = [],
): Record<string, string> {
  const entries = Object.entries(object).flatMap(([name, value]) => {
    const text = typeof value === 'boolean' ? String(value) : asText(value);
    return text === null || text === '' || without.includes(name) ? [] : [[name, text] as const];
  });
  return Object.fromEntries(entries);
}
