/* Forms in which a hostile or careless server could echo a key. */

const reverse = (text: string): string => Array.from(text).reverse().join('');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const each = (text: string, change: (letter: string, code: number) => string, between = ''): string =>
  Array.from(text)
    .map((letter) => change(letter, letter.charCodeAt(0)))
    .join(between);
const hexCode = (code: number, length = 2): string => code.toString(16).padStart(length, '0');
const percent = (text: string): string => each(text, (_, code) => `%${hexCode(code)}`);
const json = (text: string): string => each(text, (_, code) => `\\u${hexCode(code, 4)}`);
const entities = (text: string): string => each(text, (_, code) => `&#${code};`);

export const KEY_FORMS: Readonly<Record<string, (key: string) => string>> = {
  plain: (key) => key,
  'upper case': (key) => key.toUpperCase(),
  'U+0001 between the letters': (key) => Array.from(key).join('\u0001'),
  'zero-width spaces': (key) => Array.from(key).join('\u200b'),
  'soft hyphens': (key) => Array.from(key).join('\u00ad'),
  'bidirectional marks': (key) => Array.from(key).join('\u202e\u2066'),
  'C1 controls': (key) => Array.from(key).join('\u0085'),
  'variation selectors and tags': (key) => Array.from(key).join('\ufe0f\u{e0041}'),
  'terminal colours': (key) => Array.from(key).join('\u001b[31m'),
  spaces: (key) => Array.from(key).join(' '),
  dashes: (key) => Array.from(key).join('--'),
  'line breaks': (key) => Array.from(key).join('\r\n'),
  quotes: (key) => JSON.stringify(Array.from(key)),
  'tags between the letters': (key) => Array.from(key).join('<wbr class="x">'),
  reversed: reverse,
  ROT13: (key) =>
    each(key, (letter, code) =>
      /[a-z]/iu.test(letter)
        ? String.fromCharCode(((code - (code < 97 ? 65 : 97) + 13) % 26) + (code < 97 ? 65 : 97))
        : letter,
    ),
  'JSON escapes': json,
  'JSON escapes, escaped again': (key) => json(key).replaceAll('\\', '\\\\'),
  'JavaScript escapes': (key) => each(key, (_, code) => `\\x${hexCode(code)}`),
  'octal escapes': (key) => each(key, (_, code) => `\\${code.toString(8).padStart(3, '0')}`),
  'decimal entities': entities,
  'hexadecimal entities': (key) => each(key, (_, code) => `&#x${hexCode(code)};`),
  'entities of entities': (key) => entities(key).replaceAll('&', '&amp;'),
  'entities with a control between': (key) => Array.from(entities(key)).join('\u0001'),
  percent,
  'percent twice': (key) => percent(percent(key)),
  'percent of JSON escapes': (key) => percent(json(key)),
  'quoted-printable': (key) => each(key, (_, code) => `=${hexCode(code).toUpperCase()}`),
  'full width': (key) => each(key, (_, code) => String.fromCharCode(code + 0xfee0)),
  hexadecimal: hex,
  'hexadecimal, upper case with colons': (key) =>
    hex(key)
      .toUpperCase()
      .replace(/..(?=.)/gu, '$&:'),
  '0x and commas': (key) => each(key, (_, code) => `0x${hexCode(code)}`, ', '),
  'character codes': (key) => JSON.stringify([...Buffer.from(key)]),
  base64,
  'base64 of Bearer': (key) => base64(`Bearer ${key}`),
  'base64 of Basic': (key) => base64(`:${key}`),
  base64url: (key) => Buffer.from(`xx${key}`).toString('base64url'),
  'base64 in lines': (key) => base64(`authorization: Bearer ${key}\n`).replace(/.{20}/gu, '$&\r\n'),
  'base64 twice': (key) => base64(base64(key)),
  'base64 twice, at another alignment': (key) => base64(`x${base64(`Bearer ${key}`)}`),
  'base64 of hexadecimal': (key) => base64(hex(key)),
  'hexadecimal of base64': (key) => hex(base64(key)),
  'base64 of reversed': (key) => base64(reverse(key)),
  'base64 reversed': (key) => reverse(base64(key)),
  'base64 in percent': (key) => percent(base64(key)),
  'base64 of UTF-16': (key) => Buffer.from(key, 'utf16le').toString('base64'),
  'octal escapes, as short as they can be': (key) => each(key, (_, code) => `\\${code.toString(8)}`),
  'octal numbers': (key) => each(key, (_, code) => code.toString(8), ' '),
  'binary numbers': (key) => each(key, (_, code) => code.toString(2).padStart(8, '0'), ' '),
  'CSS escapes': (key) => each(key, (_, code) => `\\${hexCode(code, 6)}`),
  'CDATA sections': (key) => each(key, (letter) => `<![CDATA[${letter}]]>`),
  'base64 three times': (key) => base64(base64(base64(key))),
  'base64 of JSON escapes': (key) => base64(json(key)),
  'base64 of percent': (key) => base64(percent(key)),
  'base64 of UTF-32': (key) => Buffer.from(each(key, (letter) => `${letter}\0\0\0`)).toString('base64'),
  'a token': (key) => `e30.${Buffer.from(JSON.stringify({ a: 1, key })).toString('base64url')}.c2ln`,
  'the first characters': (key) => `${key.slice(0, 18)}…`,
  'the last characters': (key) => `…${key.slice(-11)}`,
};

/** A part of the key in a text, with everything decoded that a reader could decode; null: none. */
export function traceOf(key: string, text: string): string | null {
  const body = key.replace(/^sk-(?:proj-)?/u, '');
  const parts = Array.from({ length: body.length - 7 }, (_, at) => body.slice(at, at + 8).toLowerCase());
  for (const [name, form] of Object.entries(KEY_FORMS)) {
    const echo = form(key);
    if (echo.length > 24 && text.includes(echo)) return name;
  }
  for (const reading of readingsOf(text)) {
    const found = parts.find((part) => reading.includes(part));
    if (found !== undefined) return found;
  }
  return null;
}

function readingsOf(text: string): string[] {
  const decoded = (text.match(/[\w+/=-]{16,}/gu) ?? []).flatMap((run) =>
    [0, 1, 2, 3].flatMap((skip) => {
      const once = Buffer.from(run.slice(skip), 'base64').toString('latin1');
      const inner = once.match(/[\w+/=-]{16,}/gu) ?? [];
      return [once, ...inner.map((again) => Buffer.from(again, 'base64').toString('latin1'))];
    }),
  );
  const unescaped = text.replace(
    /\\+u00([0-9a-f]{2})|%(?:25)?([0-9a-f]{2})|&(?:amp;)?#(\d+);/giu,
    (_, one?: string, two?: string, ten?: string) =>
      String.fromCharCode(ten === undefined ? Number.parseInt(one ?? two ?? '', 16) : Number(ten)),
  );
  const all = [text, unescaped, ...decoded].map((reading) => reading.toLowerCase());
  return [...all, ...all.map((reading) => reading.replace(/[^a-z0-9]/gu, '')), ...all.map(reverse)];
}
