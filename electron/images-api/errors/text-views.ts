/*
 * The ways in which a text can be read when a secret is looked for: without invisible characters, without tags, and with escapes decoded.
 * Every character of a view knows which part of the source it came from. All of it is linear in the length of the text.
 */

export interface TextView {
  text: string;
  /** Begin and end in the source of each UTF-16 unit. */
  from: Int32Array;
  to: Int32Array;
}

/** C0 and C1, soft hyphen, zero-width, bidirectional and all other format and default-ignorable characters, and lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]+/gu;
/** A terminal's colour sequence; without its ESC it would leave letters. */
const TERMINAL_SEQUENCE = /\u001b\[[0-9;?]{0,40}[A-Za-z]/gu;
/** Letters and digits in other forms: full width, circled, mathematical, superscript. */
const COMPATIBLE =
  /[\u00aa-\u00be\u2070-\u218f\u2460-\u24ff\uff01-\uff5e]|[\u{1d400}-\u{1d7ff}]|[\u{1f100}-\u{1f1ff}]/gu;
const TAG = /<!\[CDATA\[|\]\]>|<[^<>]{0,1024}>/gu;
/** JSON and other backslash escapes, percent-encoding, quoted-printable, `U+0073`, `0x73`, and HTML entities. */
const ESCAPE =
  /\\u\{([0-9a-f]{1,6})\}|(?:\\u|%u|u\+)([0-9a-f]{4})|(?:\\x|%|=|0x)([0-9a-f]{2})|\\0{2,4}([0-9a-f]{2})|\\([0-7]{2,3})|\\([^])|&#x0{0,16}([0-9a-f]{1,6});?|&#0{0,16}(\d{1,7});?|&([a-z]{2,31});/giu;
const NUMBER_LIST = /(?:\d{2,3}\D{1,8}){7}\d{2,3}/u;
const BITS_LIST = /(?:[01]{7,8}\D{0,8}){8}/u;
const MAX_ROUNDS = 6;

/** Characters that a view other than the text itself depends on. */
const READS_OTHERWISE = new RegExp(
  `[\\u001b<\\\\%=&]|0x|u\\+|${COMPATIBLE.source}|${NUMBER_LIST.source}|${BITS_LIST.source}`,
  'iu',
);

/** Whether {@link viewsOf} has more than the text without invisible characters, which {@link foldText} drops anyway. */
export function hasOtherViews(text: string): boolean {
  return READS_OTHERWISE.test(text);
}

/** All readings of a text. */
export function viewsOf(source: string): TextView[] {
  const visible = rewrite(
    rewrite(wholeOf(source), TERMINAL_SEQUENCE, () => ''),
    INVISIBLE,
    () => '',
  );
  const plain = rewrite(visible, COMPATIBLE, ([form]) => /[a-z0-9]/iu.exec(form.normalize('NFKC'))?.[0] ?? '');
  const untagged = rewrite(plain, TAG, () => '');
  return [
    plain,
    ...decodings(plain),
    ...(untagged === plain ? [] : [untagged, ...decodings(untagged)]),
    ...characterCodes(plain.text, plain),
  ];
}

/** The view with its escapes decoded once, twice, and so on. */
function decodings(view: TextView): TextView[] {
  const rounds: TextView[] = [];
  for (let last = view; rounds.length < MAX_ROUNDS;) {
    const next = rewrite(last, ESCAPE, decode);
    if (next === last) break;
    rounds.push(next);
    last = next;
  }
  return rounds;
}

/** Punctuation that begins another escape; all other named entities are dropped. */
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', num: '#', bsol: '\\', percnt: '%', lt: '<', gt: '>' };

function decode([, braced, unit, byte, padded, octal, single, hex, decimal, name]: RegExpExecArray): string {
  const code = braced ?? unit ?? byte ?? padded ?? hex;
  if (code !== undefined) return characterOf(Number.parseInt(code, 16));
  if (octal !== undefined) return characterOf(Number.parseInt(octal, 8));
  if (decimal !== undefined) return characterOf(Number(decimal));
  // A line break or a tab between two letters.
  if (single !== undefined) return /[nrtbfv]/u.test(single) ? '' : single;
  return ENTITIES[name?.toLowerCase() ?? ''] ?? '';
}

/** Secrets are ASCII; everything else only separates. */
function characterOf(code: number): string {
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '';
}

/** The numbers of a text as characters, if it has a list of them: decimal (`115, 107, 45`), octal (`163 153 55`) and binary. */
export function characterCodes(text: string, view: TextView | null = null): TextView[] {
  const read = (pattern: RegExp, base: number): TextView =>
    rewrite(view ?? wholeOf(text), pattern, ([run]) =>
      isCode(run, base) ? characterOf(Number.parseInt(run, base)) : '',
    );
  return [
    ...(NUMBER_LIST.test(text) ? [read(/\d+|\D+/gu, 10), read(/\d+|\D+/gu, 8)] : []),
    ...(BITS_LIST.test(text) ? [read(/0[01]{7}|[01]{7}|\D+|\d/gu, 2)] : []),
  ];
}

function isCode(run: string, base: number): boolean {
  if (base === 2) return /^[01]{7,8}$/u.test(run);
  return base === 8 ? /^[0-7]{2,3}$/u.test(run) : /^\d{2,3}$/u.test(run);
}

/** The text as it is. */
export function wholeOf(text: string): TextView {
  const [from, to] = [new Int32Array(text.length), new Int32Array(text.length)];
  for (let index = 0; index < text.length; index += 1) {
    from[index] = index;
    to[index] = index + 1;
  }
  return { text, from, to };
}

/** Replaces matches by texts that aren't longer. Returns the same view if nothing matches. */
function rewrite(view: TextView, pattern: RegExp, replace: (match: RegExpExecArray) => string): TextView {
  const { text } = view;
  const from = new Int32Array(text.length);
  const to = new Int32Array(text.length);
  const pieces: string[] = [];
  let [length, done] = [0, 0];
  const copy = (until: number): void => {
    pieces.push(text.slice(done, until));
    from.set(view.from.subarray(done, until), length);
    to.set(view.to.subarray(done, until), length);
    length += until - done;
  };
  for (const match of text.matchAll(pattern)) {
    copy(match.index);
    done = match.index + match[0].length;
    const replaced = replace(match).slice(0, match[0].length);
    from.fill(view.from[match.index] ?? 0, length, length + replaced.length);
    to.fill(view.to[done - 1] ?? 0, length, length + replaced.length);
    length += replaced.length;
    pieces.push(replaced);
  }
  if (pieces.length === 0) return view;
  copy(text.length);
  return { text: pieces.join(''), from: from.subarray(0, length), to: to.subarray(0, length) };
}

/** Only ASCII letters, in lower case, and digits: what stands between them doesn't matter. */
export function foldView(view: TextView): TextView {
  const { text } = view;
  const folded = Buffer.alloc(text.length);
  const from = new Int32Array(text.length);
  const to = new Int32Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = foldedCode(text.charCodeAt(index));
    if (code === 0) continue;
    folded[length] = code;
    from[length] = view.from[index] ?? 0;
    to[length] = view.to[index] ?? 0;
    length += 1;
  }
  return { text: folded.toString('latin1', 0, length), from: from.subarray(0, length), to: to.subarray(0, length) };
}

/** The same without positions. */
export function foldText(text: string): string {
  const folded = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = foldedCode(text.charCodeAt(index));
    if (code !== 0) folded[length++] = code;
  }
  return folded.toString('latin1', 0, length);
}

function foldedCode(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code;
  if (code >= 0x61 && code <= 0x7a) return code;
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : 0;
}
