import type { StudioApi } from '../../electron/contract/api.ts';
import type { GenerationId } from '../../electron/contract/entities/ids.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { attempt } from '../state/attempt.ts';

/** A part of the text: a search match, or the text between two matches. */
interface TextSegment {
  text: string;
  /** Number of the match in the whole response, from 0; null for text between matches. */
  match: number | null;
}

const MAX_MATCHES = 999;
/** Characters of a document that are drawn at once; a document has up to a million. */
const MAX_DRAWN = 20_000;

/** The server's response to a request as searchable text. */
export class ResponseText {
  /** Null while loading. */
  documents = $state.raw<readonly unknown[] | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  search = $state('');
  /** The highlighted match. */
  current = $state(0);
  /** Draws long documents to their end. */
  complete = $state(false);

  async load(studio: StudioApi, generationId: GenerationId): Promise<void> {
    this.error = await attempt(async () => {
      this.documents = (await studio.library.response({ generationId })).documents;
    });
  }

  /** The JSON of the document, or of a list if there are several. */
  readonly text = $derived.by(() => {
    const { documents } = this;
    return documents === null ? '' : JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2);
  });

  /** Each document with its title, its text, split at the search matches, and the number of characters that aren't drawn. */
  readonly parts = $derived.by(() => {
    let found = 0;
    return (this.documents ?? []).map((document, index, all) => {
      const text = JSON.stringify(document, null, 2);
      // A search looks through all of it.
      const drawn = this.complete || this.search.trim() !== '' ? text : text.slice(0, MAX_DRAWN);
      const pieces = splitAtMatches(drawn, this.search.trim(), found);
      found += pieces.filter(({ match }) => match !== null).length;
      return { title: titleOf(document, index, all.length), pieces, hidden: text.length - drawn.length };
    });
  });

  readonly matches = $derived.by(() =>
    this.parts.reduce((sum, { pieces }) => sum + pieces.filter(({ match }) => match !== null).length, 0),
  );

  /** Goes to the next (1) or previous (-1) match, wrapping around. */
  step(direction: 1 | -1): void {
    if (this.matches > 0) this.current = (this.current + direction + this.matches) % this.matches;
  }
}

function titleOf(document: unknown, index: number, count: number): string {
  const type = typeof document === 'object' && document !== null && 'type' in document ? document.type : null;
  const place = count === 1 ? 'Full response' : `${index + 1} of ${count}`;
  return typeof type === 'string' ? `${place} · ${type}` : place;
}

function splitAtMatches(text: string, search: string, from: number): TextSegment[] {
  if (search === '') return [{ text, match: null }];
  const [low, wanted] = [text.toLowerCase(), search.toLowerCase()];
  const pieces: TextSegment[] = [];
  let match = from;
  let at = 0;
  for (let next = low.indexOf(wanted); next !== -1 && match < MAX_MATCHES; next = low.indexOf(wanted, at)) {
    pieces.push({ text: text.slice(at, next), match: null }, { text: text.slice(next, next + wanted.length), match });
    match += 1;
    at = next + wanted.length;
  }
  return [...pieces, { text: text.slice(at), match: null }];
}
