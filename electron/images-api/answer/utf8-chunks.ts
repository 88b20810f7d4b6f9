/** First characters of JSON and events. */
const TEXT_STARTS = new Set(Buffer.from('{["de: \t\r\n'));

/** The chunks of a body in UTF-8, if it is in UTF-16. A chunk is valid until the next one is requested. */
export async function* utf8Chunks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let start: Buffer | null = Buffer.alloc(0);
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  const convert = (bytes: Buffer, stream: boolean): Buffer =>
    decoder ? Buffer.from(decoder.decode(bytes, { stream })) : bytes;
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (start) {
      bytes = Buffer.concat([start, chunk]);
      start = bytes;
      if (bytes.length < 4) continue;
      const encoding = utf16Of(bytes);
      decoder = encoding === null ? null : new TextDecoder(encoding);
      start = null;
    }
    yield convert(bytes, true);
  }
  if (start ? start.length > 0 : decoder) yield convert(start ?? Buffer.alloc(0), false);
}

/** By the byte order mark, or by the zeros beside two characters. */
function utf16Of([first = 0, second = 0, third = 0, fourth = 0]: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (TEXT_STARTS.has(first) && second === 0 && third !== 0 && fourth === 0) return 'utf-16le';
  return first === 0 && TEXT_STARTS.has(second) && third === 0 && fourth !== 0 ? 'utf-16be' : null;
}
