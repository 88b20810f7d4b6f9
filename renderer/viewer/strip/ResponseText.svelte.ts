import type { StudioApi } from '../../../electron/contract/api.ts';
import type { GenerationId } from '../../../electron/contract/entities/ids.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';

/** A piece of the text: found by the search or between what was found. */
export interface TextSegment {
  text: string;
  /** Counted over the whole text, from 0; null between. */
  match: number | null;
}

/** More would be no help to anybody. */
const MAX_MATCHES = 999;

/** Everything that a server answered to a request, as text to read, search and copy. */
export class ResponseText {
  /** Null while it is on its way. */
  documents = $state.raw<readonly unknown[] | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  search = $state('');
  /** The match that stands out among the others. */
  current = $state(0);

  async load(studio: StudioApi, generationId: GenerationId): Promise<void> {
    try {
      this.documents = (await studio.library.response({ generationId })).documents;
      this.error = null;
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    }
  }

  /** One document as it is, several as a list. */
  readonly text = $derived.by(() => {
    const { documents } = this;
    return documents === null ? '' : JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2);
  });

  /** Each document with its title and its text, cut at what is looked for. */
  readonly parts = $derived.by(() => {
    let found = 0;
    return (this.documents ?? []).map((document, index, all) => {
      const pieces = splitAtMatches(JSON.stringify(document, null, 2), this.search.trim(), found);
      found += pieces.filter(({ match }) => match !== null).length;
      return { title: titleOf(document, index, all.length), pieces };
    });
  });

  readonly matches = $derived.by(() =>
    this.parts.reduce((sum, { pieces }) => sum + pieces.filter(({ match }) => match !== null).length, 0),
  );

  /** Goes to the next match, or the one before, and round at the ends. */
  step(direction: 1 | -1): void {
    if (this.matches > 0) this.current = (this.current + direction + this.matches) % this.matches;
  }
}

function titleOf(document: unknown, index: number, count: number): string {
  const type = typeof document === 'object' && document !== null && 'type' in document ? document.type : null;
  const place = count === 1 ? 'The whole answer' : `${index + 1} of ${count}`;
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
