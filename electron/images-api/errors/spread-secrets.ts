import type { Span } from './secret-forms.ts';

/** One string, number or property name of a JSON value, in the order of the text. */
interface Piece {
  text: string;
  isName: boolean;
  isNumber: boolean;
  /** The piece contains a part of a secret. */
  isTainted: boolean;
}

/**
 * Removes a secret that is spread over several strings, names or numbers of a JSON value: a list of letters, of character codes, halves in
 * two fields. Such pieces are removed as a whole.
 * @param spansOf finds the secret in a text
 */
export function redactSpread(value: unknown, spansOf: (text: string) => Span[]): unknown {
  const pieces: Piece[] = [];
  collect(value, pieces);
  if (pieces.length < 2) return value;
  const values = pieces.filter(({ isName }) => !isName);
  // Numbers may only count the letters.
  const readings = [pieces, values, values.filter(({ isNumber }) => !isNumber), pieces.filter(({ isName }) => isName)];
  for (const reading of readings) taint(reading, spansOf);
  if (!pieces.some(({ isTainted }) => isTainted)) return value;
  return rebuild(value, pieces.values());
}

/** Numbers count in lists only: a count of tokens or a price is never taken for a part of a key. */
function collect(value: unknown, pieces: Piece[], isListed = false): void {
  if (isPiece(value, isListed))
    pieces.push({ text: String(value), isName: false, isNumber: typeof value === 'number', isTainted: false });
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const inner of value) collect(inner, pieces, true);
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    pieces.push({ text: name, isName: true, isNumber: false, isTainted: false });
    collect(inner, pieces);
  }
}

function isPiece(value: unknown, isListed: boolean): value is string | number {
  return typeof value === 'string' || (isListed && typeof value === 'number');
}

/** Marks the pieces that a secret covers in their common text. */
function taint(pieces: readonly Piece[], spansOf: (text: string) => Span[]): void {
  const spans = spansOf(pieces.map(({ text }) => text).join(' '));
  let [at, index] = [0, 0];
  for (const piece of pieces) {
    const end = at + piece.text.length;
    while ((spans[index]?.[1] ?? Infinity) <= at) index += 1;
    if ((spans[index]?.[0] ?? Infinity) < end) piece.isTainted = true;
    at = end + 1;
  }
}

const MASK = '[key removed]';

/** The value with tainted pieces replaced, in the order of {@link collect}. */
function rebuild(value: unknown, pieces: Iterator<Piece, undefined>, isListed = false): unknown {
  if (isPiece(value, isListed)) return next(pieces).isTainted ? MASK : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => rebuild(inner, pieces, true));
  const entries = Object.entries(value).map(([name, inner], index) => {
    const shown = next(pieces).isTainted ? `${MASK} ${index}` : name;
    return [shown, rebuild(inner, pieces)] as const;
  });
  return Object.fromEntries(entries);
}

function next(pieces: Iterator<Piece, undefined>): Piece {
  const step = pieces.next();
  if (step.done === true) throw new Error('The value has changed while it was read.');
  return step.value;
}
