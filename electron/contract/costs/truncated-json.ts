/** Deeper text isn't a response. */
const MAX_DEPTH = 100;

/**
 * Parses the beginning of a JSON document: every member and item that is complete, without the one in which the text ends.
 * @returns undefined if the text isn't JSON
 */
export function parseTruncatedJson(text: string): unknown {
  const closers: string[] = [];
  /** Where the last complete member or item ends, and what closes the rest. */
  let end = 0;
  let closing = '';
  const mark = (at: number): void => {
    end = at;
    closing = closers.join('');
  };
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      if (closers.length === MAX_DEPTH) return undefined;
      closers.unshift(character === '{' ? '}' : ']');
      mark(at + 1);
    } else if (character === '}' || character === ']') {
      if (closers.shift() !== character) return undefined;
      mark(at + 1);
    } else if (character === ',') mark(at);
  }
  try {
    return JSON.parse(text.slice(0, end) + closing);
  } catch {
    return undefined;
  }
}
