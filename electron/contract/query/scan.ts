import { fieldNamed, type Field } from './fields.ts';

/** A run of the text: UTF-16 units. */
export interface Span {
  at: number;
  length: number;
}

export interface ScannedValue extends Span {
  /** Without quotes and escapes. */
  text: string;
}

interface Token extends Span {
  not: boolean;
}
export interface WordToken extends Token {
  kind: 'word' | 'prefix' | 'phrase';
  text: string;
  /** The part before a colon, where it looks like a filter that doesn't exist. */
  unknown: string | null;
}
export interface FieldToken extends Token {
  kind: 'field';
  field: Field;
  values: readonly ScannedValue[];
}

const SPACE = /\s/u;
/** What a backslash takes the meaning from; before anything else, and at the end, a backslash is one. */
const SPECIAL = /[\s"\\:：*,－-]/u;
/** Excludes what follows it, also as East Asian keyboards type it. Two are the letters of an option like `--ar`. */
const EXCLUDES = /[-－](?=[^\s\-－])/uy;
const NAME = /(\p{L}[\p{L}\p{N}_-]{0,19})([:：])/uy;

/** Splits a query's text into its parts, in linear time. Whatever isn't a filter is text; a quote without a partner is a letter. */
export function scanQuery(text: string): (WordToken | FieldToken)[] {
  return new Scanner(text).scan();
}

class Scanner {
  readonly #text: string;
  #at = 0;
  /** No quote from here on has a partner, so that none is looked for twice. */
  #unpaired = false;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): (WordToken | FieldToken)[] {
    const tokens: (WordToken | FieldToken)[] = [];
    for (;;) {
      while (this.#at < this.#text.length && this.#isSpace(this.#at)) this.#at += 1;
      if (this.#at >= this.#text.length) return tokens;
      tokens.push(this.#token());
    }
  }

  #token(): WordToken | FieldToken {
    const start = this.#at;
    EXCLUDES.lastIndex = start;
    const not = EXCLUDES.test(this.#text);
    if (not) this.#at += 1;
    const phrase = this.#quoted();
    if (phrase !== null) return this.#end(start, { kind: 'phrase', text: phrase, not, unknown: null });
    NAME.lastIndex = this.#at;
    const [whole = '', name = '', colon = ''] = NAME.exec(this.#text) ?? [];
    const field = name === '' ? undefined : fieldNamed(name);
    if (field !== undefined) {
      this.#at += whole.length;
      const values = this.#values();
      return this.#end(start, { kind: 'field', field, values, not });
    }
    const follows = this.#text[this.#at + whole.length];
    const looksLikeFilter = name.length > 1 && colon === ':' && follows !== undefined && !/[\s/]/u.test(follows);
    return this.#end(start, { ...this.#word(), not, unknown: looksLikeFilter ? name : null });
  }

  #end<T extends object>(at: number, token: T): T & Span {
    return { ...token, at, length: this.#at - at };
  }

  /** A run in quotes from here; null where there is none, or its end is missing. */
  #quoted(): string | null {
    const text = this.#text;
    if (this.#unpaired || text[this.#at] !== '"') return null;
    let content = '';
    for (let i = this.#at + 1; i < text.length; i += 1) {
      const letter = text[i] ?? '';
      if (letter === '"') {
        this.#at = i + 1;
        return content;
      }
      const next = text[i + 1];
      const escapes = letter === '\\' && (next === '"' || next === '\\');
      content += escapes ? next : letter;
      if (escapes) i += 1;
    }
    this.#unpaired = true;
    return null;
  }

  #word(): Pick<WordToken, 'kind' | 'text'> {
    let word = '';
    let starred = false;
    while (this.#at < this.#text.length && !this.#isSpace(this.#at)) {
      starred = this.#text[this.#at] === '*';
      word += this.#letter();
    }
    return starred && word.length > 1 ? { kind: 'prefix', text: word.slice(0, -1) } : { kind: 'word', text: word };
  }

  #values(): ScannedValue[] {
    const values: ScannedValue[] = [];
    for (;;) {
      const at = this.#at;
      let value = '';
      while (this.#at < this.#text.length && !this.#isSpace(this.#at) && this.#text[this.#at] !== ',')
        value += this.#quoted() ?? this.#letter();
      if (value !== '') values.push({ text: value, at, length: this.#at - at });
      if (this.#text[this.#at] !== ',') return values;
      this.#at += 1;
    }
  }

  /** The letter here, or the one that a backslash here takes the meaning from. */
  #letter(): string {
    const letter = this.#text[this.#at] ?? '';
    const next = this.#text[this.#at + 1];
    const escapes = letter === '\\' && next !== undefined && SPECIAL.test(next);
    this.#at += escapes ? 2 : 1;
    return escapes ? next : letter;
  }

  #isSpace(index: number): boolean {
    return SPACE.test(this.#text[index] ?? '');
  }
}
