import type { TextTerm } from '../../contract/entities/query.ts';
import type { Readable } from '../db/database.ts';
import { foldText } from '../images/fold-text.ts';
import { toFtsPhrase } from '../images/search-tokens.ts';
import { allBits, and, countBits, noBits, or, setBit, without, type Bits } from './bits.ts';
import type { IndexData } from './index-data.ts';
import { Vocabulary } from './vocabulary.ts';

/** What a query's words find. */
export interface TextHits {
  bits: Bits;
  /** Nothing has the words, so parts of words were looked for. */
  byParts: boolean;
}

/** More words than this find nothing more precisely; they are left out. */
const MAX_TERMS = 200;
/** Words that FTS5 joins at once: its queries must not nest too deeply. */
const TERMS_AT_ONCE = 50;
/** Remembered hits of words, so that the next question about them is quick. */
const MAX_REMEMBERED = 24;
/** Words of the library that may contain a part of a word. */
const MAX_WORDS = 200;

interface Term {
  /** For FTS5. */
  fts: string;
  /** Folded, to be looked for in names. */
  folded: string;
}

/**
 * Looks for words in the text index and in the names of tags and collections. Its memory of hits ends with {@link forget}, as soon as the
 * library has changed.
 */
export class TextSearch {
  readonly #db: Readable;
  readonly #vocabulary: Vocabulary;
  readonly #hits = new Map<string, Bits>();
  #version = 0;

  constructor(db: Readable) {
    this.#db = db;
    this.#vocabulary = new Vocabulary(db);
  }

  /** Changes when the text index may have changed: images are indexed again without a newer revision of the library. */
  get version(): number {
    return this.#version;
  }

  forget(): void {
    this.#version += 1;
    this.#hits.clear();
  }

  /** The images that have all the terms, and none of the excluded ones; null without terms. */
  find(data: IndexData, terms: readonly TextTerm[]): TextHits | null {
    if (terms.length === 0) return null;
    const typing = terms.findLast(({ kind }) => kind !== 'phrase');
    const read = (not: boolean): Term[] => readTerms(terms, not, typing);
    const [wanted, unwanted] = [read(false), read(true)];
    // Only characters that no word has.
    if (wanted.length + unwanted.length === 0) return { bits: noBits(data.columns.count), byParts: false };
    const excluded = unwanted.map((term) => this.#of(data, term));
    const exclude = (bits: Bits): Bits => excluded.reduce(without, bits);
    const found = this.#all(data, wanted);
    if (wanted.length === 0 || countBits(found) > 0) return { bits: exclude(found), byParts: false };
    const parts = this.#allByParts(data, wanted);
    return { bits: exclude(parts), byParts: countBits(parts) > 0 };
  }

  #all(data: IndexData, terms: readonly Term[]): Bits {
    const named = terms.filter(({ folded }) => this.#names(data, folded).length > 0);
    const plain = terms.filter((term) => !named.includes(term)).map(({ fts }) => fts);
    let found = allBits(data.columns.count);
    for (const term of named) found = and(found, this.#of(data, term));
    for (let from = 0; from < plain.length; from += TERMS_AT_ONCE)
      found = and(found, this.#matches(data, plain.slice(from, from + TERMS_AT_ONCE).join(' AND ')));
    return found;
  }

  /** Images with a word in their text, or in the name of one of their tags or collections. */
  #of(data: IndexData, { fts, folded }: Term): Bits {
    const matches = this.#matches(data, fts);
    const names = this.#names(data, folded);
    if (names.length === 0) return matches;
    const found = matches.slice();
    for (const ordinals of names) for (const ordinal of ordinals) setBit(found, ordinal);
    return found;
  }

  #names({ names, tags, collections }: IndexData, folded: string): Uint32Array[] {
    const lists: Uint32Array[] = [];
    for (const tag of names.tags.values()) if (tag.foldedPath.includes(folded)) lists.push(tags.get(tag.key));
    for (const collection of names.collections.values())
      if (collection.folded.includes(folded)) lists.push(collections.get(collection.key));
    return lists;
  }

  #matches({ columns }: IndexData, fts: string): Bits {
    const known = this.#hits.get(fts);
    if (known) return known;
    const found = noBits(columns.count);
    for (const ordinal of columns.ordinals(readMatches(this.#db, fts))) setBit(found, ordinal);
    this.#hits.set(fts, found);
    for (const [oldest] of this.#hits) if (this.#hits.size > MAX_REMEMBERED) this.#hits.delete(oldest);
    return found;
  }

  #allByParts(data: IndexData, terms: readonly Term[]): Bits {
    let found = allBits(data.columns.count);
    for (const term of terms) {
      let hits = this.#of(data, term);
      if (countBits(hits) === 0) {
        const words = this.#vocabulary.containing(term.folded, MAX_WORDS);
        for (let from = 0; from < words.length; from += TERMS_AT_ONCE) {
          const some = words.slice(from, from + TERMS_AT_ONCE).map((word) => `"${word}"`);
          hits = or(hits, this.#matches(data, some.join(' OR ')));
        }
      }
      found = and(found, hits);
    }
    return found;
  }
}

/** Rowids that match, which are timeline keys, ascending. */
function readMatches(db: Readable, fts: string): number[] {
  return db
    .prepare<[string], number>('SELECT rowid FROM picture_words WHERE picture_words MATCH ? ORDER BY rowid')
    .pluck()
    .all(fts);
}

/** The word that may still be being typed, the last one, also finds words that begin like it. */
function readTerms(terms: readonly TextTerm[], not: boolean, typing: TextTerm | undefined): Term[] {
  const read = terms.flatMap((term): Term[] => {
    if (term.not !== not) return [];
    const prefix = term.kind === 'prefix' || (term === typing && !not);
    const fts = toFtsPhrase(term.text, prefix);
    return fts === null ? [] : [{ fts, folded: foldText(term.text).trim() }];
  });
  return [...new Map(read.map((term) => [term.fts, term])).values()].slice(0, MAX_TERMS);
}
