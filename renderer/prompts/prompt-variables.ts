/**
 * `{subject}`: a name in braces, of letters, digits, spaces, `_` and `-`. Not JSON, not `{a|b}` of *Vary*, and not `\{subject}` or `\frac{a}{b}`.
 */
const VARIABLE = /(?<![\\\p{L}\p{N}}])\{ *(?<name>\p{L}[\p{L}\p{M}\p{N} _-]{0,39}?) *\}/gu;

/** The names of a prompt's variables, each once, in the order of the text. */
export function variableNames(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(({ groups }) => groups?.['name'] ?? ''))];
}

/** The text with its variables replaced by values. Those without a value stay as they are. */
export function fillVariables(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(VARIABLE, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? (values[name] ?? '') : '';
    return value.trim() === '' ? whole : value;
  });
}
