/** A stretch of the newer text, or of what it no longer has. */
export interface DiffPiece {
  kind: 'same' | 'added' | 'left-out';
  text: string;
}

/** More comparisons than these take longer than a person waits for colours. */
const MAX_CELLS = 4_000_000;

/**
 * How one text became another, word by word: the pieces of kind `same` and `added` together are the newer text. Null where the texts are
 * too long to be compared.
 */
export function diffWords(before: string, after: string): DiffPiece[] | null {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && isSame(old[start], now[start])) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && isSame(old.at(-1 - end), now.at(-1 - end))) end += 1;
  const [left, right] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  if (left.length * right.length > MAX_CELLS) return null;
  return joined([
    ...now.slice(0, start).map((text): DiffPiece => ({ kind: 'same', text })),
    ...diffMiddle(left, right),
    ...now.slice(now.length - end).map((text): DiffPiece => ({ kind: 'same', text })),
  ]);
}

/** Words, each with the space behind it. */
function wordsOf(text: string): string[] {
  return text.match(/\S+\s*|^\s+/gu) ?? [];
}

/** Space is no difference. */
function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one.trim() === other?.trim();
}

/** By the longest common subsequence. */
function diffMiddle(left: readonly string[], right: readonly string[]): DiffPiece[] {
  const wide = right.length + 1;
  const longest = new Uint16Array((left.length + 1) * wide);
  const at = (row: number, column: number): number => longest[row * wide + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      longest[row * wide + column] = isSame(left[row], right[column])
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pieces: DiffPiece[] = [];
  let [row, column] = [0, 0];
  while (row < left.length || column < right.length) {
    if (isSame(left[row], right[column])) {
      pieces.push({ kind: 'same', text: right[column] ?? '' });
      row += 1;
      column += 1;
    } else if (column === right.length || (row < left.length && at(row + 1, column) >= at(row, column + 1))) {
      pieces.push({ kind: 'left-out', text: left[row] ?? '' });
      row += 1;
    } else {
      pieces.push({ kind: 'added', text: right[column] ?? '' });
      column += 1;
    }
  }
  return pieces;
}

function joined(pieces: readonly DiffPiece[]): DiffPiece[] {
  const together: DiffPiece[] = [];
  for (const { kind, text } of pieces) {
    const last = together.at(-1);
    if (last?.kind === kind) last.text += text;
    else together.push({ kind, text });
  }
  return together;
}
