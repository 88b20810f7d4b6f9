/** Lower-cases the first letter for use within a sentence: "Input fidelity" → "input fidelity". Abbreviations such as "SVG model" stay as they are. */
export function lowercaseFirst(words: string): string {
  return /^\p{Lu}(?:\p{Lu}|$)/u.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1);
}
