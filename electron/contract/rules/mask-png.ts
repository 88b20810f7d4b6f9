/** The API's limit for a mask file, bytes [`resources/images.d.ts` of `openai` 7.57.0]; per-model limits are in the catalogue. */
export const MASK_BYTE_LIMIT = 4 * 1024 * 1024;

interface PngKind {
  /** PNG colour type (ISO 15948, 11.2.2). */
  colourType: number;
  keep: readonly number[];
  edit: readonly number[];
}

/** The two PNG colour types with alpha: RGBA first, then greyscale with alpha, which needs half the bytes. */
const PNG_KINDS: readonly PngKind[] = [
  { colourType: 6, keep: [0, 0, 0, 255], edit: [255, 255, 255, 0] },
  { colourType: 4, keep: [0, 255], edit: [255, 0] },
];
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Bytes written before yielding to the event loop. */
const BLOCK_BYTES = 1024 * 1024;

/**
 * Encodes a mask as PNG. `pixels` has one byte per pixel in row order: 0 is edit, anything else is keep. Edit becomes transparent white,
 * keep becomes opaque black. Encoded here because canvas encoders drop the colour of transparent pixels.
 * @param below exclusive size limit, bytes
 * @returns RGBA, or greyscale with alpha if RGBA is too large; null if both are too large
 */
export async function encodeMask(
  pixels: Uint8Array,
  { width, height }: { width: number; height: number },
  below = MASK_BYTE_LIMIT,
): Promise<Uint8Array<ArrayBuffer> | null> {
  for (const kind of PNG_KINDS) {
    const compressed = await deflate(scanlines(kind, pixels, width, height));
    const header = new Uint8Array([...uint32Bytes(width), ...uint32Bytes(height), 8, kind.colourType, 0, 0, 0]);
    const data = concatBytes([
      Uint8Array.from(SIGNATURE),
      ...chunk('IHDR', header),
      ...chunk('IDAT', compressed),
      ...chunk('IEND', new Uint8Array()),
    ]);
    if (data.length < below) return data;
  }
  return null;
}

/** `CompressionStream` exists in browsers and Node, so a page's worker and the library write identical files. */
async function deflate(blocks: Iterable<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const compression = new CompressionStream('deflate');
  const compressed = new Response(compression.readable).arrayBuffer();
  const writer = compression.writable.getWriter();
  for (const block of blocks) await writer.write(block);
  await writer.close();
  return new Uint8Array(await compressed);
}

/** Unfiltered scanlines in blocks. */
function* scanlines(
  { keep, edit }: PngKind,
  pixels: Uint8Array,
  width: number,
  height: number,
): Generator<Uint8Array<ArrayBuffer>> {
  const depth = keep.length;
  const length = 1 + width * depth;
  const max = Math.max(1, Math.floor(BLOCK_BYTES / length));
  for (let top = 0; top < height; top += max) {
    const count = Math.min(max, height - top);
    const block = new Uint8Array(length * count);
    for (let line = 0; line < count; line += 1) {
      const row = (top + line) * width;
      let at = line * length + 1;
      for (let x = 0; x < width; x += 1) {
        const bytes = pixels[row + x] === 0 ? edit : keep;
        for (let channel = 0; channel < depth; channel += 1) block[at + channel] = bytes[channel] ?? 0;
        at += depth;
      }
    }
    yield block;
  }
}

/** A PNG chunk: length, type, data, CRC. */
function chunk(type: string, data: Uint8Array): Uint8Array[] {
  const name = Uint8Array.from(type, (letter) => letter.charCodeAt(0));
  return [
    Uint8Array.from(uint32Bytes(data.length)),
    name,
    data,
    Uint8Array.from(uint32Bytes(crc32(data, crc32(name, 0)))),
  ];
}

/** Big-endian. */
function uint32Bytes(value: number): [number, number, number, number] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_none, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 of PNG (ISO 15948, annex D); `before` is the CRC of the preceding bytes. */
function crc32(bytes: Uint8Array, before: number): number {
  let crc = ~before >>> 0;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}
