const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Text that is UTF-8 by its bytes, and Latin-1 if it isn't: PNG prescribes Latin-1, and many programs write UTF-8 nevertheless. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }
}

/** UTF-16 in the byte order that its mark or its zeros show, whatever the file's own order: writers of EXIF disagree about it. */
export function decodeUtf16(bytes: Uint8Array, order: 'little' | 'big'): string {
  const looked = bytes.subarray(0, 400);
  const zeros = [0, 0];
  looked.forEach((byte, at) => (zeros[at % 2] = (zeros[at % 2] ?? 0) + (byte === 0 ? 1 : 0)));
  const [even = 0, odd = 0] = zeros;
  const mark = (looked[0] ?? 0) * 256 + (looked[1] ?? 0);
  const isBig = mark === 0xfeff || (mark !== 0xfffe && (even === odd ? order === 'big' : even > odd));
  return new TextDecoder(isBig ? 'utf-16be' : 'utf-16le').decode(bytes);
}
