const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A JSON document of one text, for {@link escapeText} to be put in between. */
export const TEXT_START: Buffer = Buffer.from('{"text":"');
export const TEXT_END: Buffer = Buffer.from('"}');

/** The same for a text that is a JSON string already, with its quotation marks. */
export const STRING_START: Buffer = Buffer.from('{"text":');
export const STRING_END: Buffer = Buffer.from('}');

/** The bytes of a text as the content of a JSON string. */
export function escapeText(bytes: Buffer): Buffer {
  for (const byte of bytes) {
    if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH)
      return Buffer.from(JSON.stringify(bytes.toString('latin1')).slice(1, -1), 'latin1');
  }
  return bytes;
}
