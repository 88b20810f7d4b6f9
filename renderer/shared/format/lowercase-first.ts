/** Words as they stand inside a sentence: "Input fidelity" as "input fidelity"; an abbreviation, like "SVG model", stays as it is. */
export function lowercaseFirst(words: string): string {
  return /^\p{Lu}(?:\p{Lu}|$)/u.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1);
}
