import { diffArrays } from 'diff';

/** A part of the newer text, or a part of the older one that was removed. */
export interface DiffPiece {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Texts with more differing words are not compared: it would take seconds. */
const MAX_EDITS = 2000;

/**
 * Compares two texts word by word. The pieces of kind `same` and `added` together are the newer text; differences in white space are
 * ignored.
 * @returns null if the texts differ too much to be compared quickly
 */
export function diffWords(before: string, after: string): DiffPiece[] | null {
  const changes = diffArrays(wordsOf(before), wordsOf(after), {
    comparator: (one, other) => one.trim() === other.trim(),
    maxEditLength: MAX_EDITS,
  });
  if (changes === undefined) return null;
  return changes.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value.join(''),
  }));
}

/** Words, each with the white space after it. */
function wordsOf(text: string): string[] {
  return text.match(/\S+\s*|^\s+/gu) ?? [];
}
