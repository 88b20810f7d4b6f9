import { textNamed, type FileTexts, type FoundPrompt } from './found-prompt.ts';

const SETTINGS_START = 'Steps: ';
const NEGATIVE = 'Negative prompt:';

/**
 * Reads what Automatic1111 and those that follow it (Forge, SD.Next, Civitai, Fooocus if chosen) write: the prompt, a negative one, and a line
 * of settings, in a PNG's text `parameters` or in EXIF's UserComment.
 */
export function readAutomatic1111(texts: FileTexts): FoundPrompt | null {
  const text = textNamed(texts, 'parameters', 'UserComment')?.replaceAll('\r\n', '\n') ?? '';
  const settingsAt = text.startsWith(SETTINGS_START) ? 0 : text.lastIndexOf(`\n${SETTINGS_START}`) + 1;
  if (!text.startsWith(SETTINGS_START, settingsAt)) return null;
  const above = text.slice(0, settingsAt);
  const negativeAt = above.startsWith(NEGATIVE) ? 0 : above.indexOf(`\n${NEGATIVE}`) + 1;
  const hasNegative = above.startsWith(NEGATIVE, negativeAt);
  const end = text.indexOf('\n', settingsAt);
  const settings = readSettings(text.slice(settingsAt, end === -1 ? undefined : end));
  const model = settings.get('Model') ?? null;
  settings.delete('Model');
  return {
    source: 'automatic1111',
    prompt: (hasNegative ? above.slice(0, negativeAt) : above).trim(),
    negative: hasNegative ? above.slice(negativeAt + NEGATIVE.length).trim() : null,
    model,
    parameters: Object.fromEntries(settings),
  };
}

/** `Steps: 20, Sampler: Euler a, …`. Values that contain a comma are in quotes, as in JSON. */
function readSettings(line: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (let at = 0; at < line.length;) {
    const colon = line.indexOf(':', at);
    if (colon === -1) break;
    // A part without a colon belongs to no setting.
    const name = line.slice(Math.max(at, line.lastIndexOf(',', colon) + 1), colon).trim();
    const start = colon + 1 + (line[colon + 1] === ' ' ? 1 : 0);
    const quotedEnd = line[start] === '"' ? endOfQuoted(line, start) : -1;
    const comma = line.indexOf(',', quotedEnd === -1 ? start : quotedEnd);
    const end = comma === -1 ? line.length : comma;
    const value = line.slice(start, end).trim();
    if (name !== '') settings.set(name, quotedEnd === -1 ? value : unquote(value));
    at = end + 1;
  }
  return settings;
}

/** Behind the closing quotation mark; -1 if there is none. */
function endOfQuoted(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '"') return at + 1;
  }
  return -1;
}

function unquote(value: string): string {
  try {
    const text: unknown = JSON.parse(value);
    return typeof text === 'string' ? text : value;
  } catch {
    return value;
  }
}
