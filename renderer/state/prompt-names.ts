/** Longest name, characters; longer ones end at a word. */
const MAX_NAME_LENGTH = 26;
/** Words that a name does not end with. */
const SMALL = new Set('a an and as at by for from in into of on or the to with'.split(' '));

/** Shortens a prompt to a few words, without those of the earlier prompt unless nothing would be left. */
export function shortenPrompt(prompt: string, earlier: string): string {
  const [old, words] = [wordsOf(earlier).map(bare), wordsOf(prompt)];
  const known = new Set(old);
  const still = new Set(words.map(bare));
  const fresh = words.filter((word) => !known.has(bare(word)));
  // A new prompt is named by its beginning.
  const changed = fresh.length > 0 && old.filter((word) => still.has(word)).length * 2 >= old.length;
  const source = changed ? fresh : words;
  const kept: string[] = [];
  for (const word of source) {
    if (kept.length > 0 && [...kept, word].join(' ').length > MAX_NAME_LENGTH) break;
    kept.push(word);
    // The first clause is the name.
    if (kept.length > 1 && /[.,;:!?]$/u.test(word)) break;
  }
  while (kept.length > 1 && SMALL.has(bare(kept.at(-1) ?? ''))) kept.pop();
  const text = kept.join(' ').replace(/[\s.,;:!?–-]+$/u, '');
  if (text === '') return 'Untitled';
  const cut = text.length > MAX_NAME_LENGTH ? `${text.slice(0, MAX_NAME_LENGTH - 1)}…` : text;
  return cut.charAt(0).toUpperCase() + cut.slice(1);
}

const wordsOf = (text: string): string[] => text.match(/\S+/gu) ?? [];
const bare = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
