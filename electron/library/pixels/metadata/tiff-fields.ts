import type { FileHandle } from 'node:fs/promises';
import { EXIF_IFD } from './exif-block.ts';
import { isExifText } from './exif-fields.ts';
import { readAt } from './metadata-block.ts';
import type { TextBlock } from './text-block.ts';

/** A field of a TIFF (TIFF 6.0, section 2; BigTIFF), and where its value stands in the file. */
export interface TiffField {
  tag: number;
  at: number;
  length: number;
  order: 'little' | 'big';
}

const MAX_DIRECTORIES = 100;
const MAX_FIELDS = 1000;
/** Bytes of a value by its type. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

/** Walks the fields of all of a TIFF's directories, EXIF's included, as far as they are whole. */
export async function* walkTiffFields(file: FileHandle): AsyncGenerator<TiffField> {
  const head = await readAt(file, 0, 16);
  const order = head[0] === 0x49 ? 'little' : 'big';
  const layout = new Layout(order, head.length >= 8 && numberAt(head, 2, { size: 2, order }) === 43);
  const waiting = [layout.word(head, layout.isBig ? 8 : 4)];
  const seen = new Set<number>();
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    if (at === 0 || seen.has(at) || seen.size === MAX_DIRECTORIES) continue;
    seen.add(at);
    const count = Math.min(
      numberAt(await readAt(file, at, layout.countSize), 0, { size: layout.countSize, order }),
      MAX_FIELDS,
    );
    const bytes = await readAt(file, at + layout.countSize, count * layout.fieldSize + layout.wordSize);
    for (let index = 0; (index + 1) * layout.fieldSize <= bytes.length && index < count; index += 1) {
      const place = index * layout.fieldSize;
      const field = layout.field(bytes, place, at + layout.countSize + place);
      if (field.tag === EXIF_IFD) waiting.push(layout.word(bytes, place + layout.fieldSize - layout.wordSize));
      else yield field;
    }
    waiting.push(layout.word(bytes, count * layout.fieldSize));
  }
}

/** How wide a TIFF's numbers are: BigTIFF's are wider. */
class Layout {
  readonly order: 'little' | 'big';
  readonly isBig: boolean;
  readonly wordSize: number;
  readonly countSize: number;
  readonly fieldSize: number;

  constructor(order: 'little' | 'big', isBig: boolean) {
    this.order = order;
    this.isBig = isBig;
    this.wordSize = isBig ? 8 : 4;
    this.countSize = isBig ? 8 : 2;
    this.fieldSize = isBig ? 20 : 12;
  }

  /** A number as wide as an offset; 0 beyond the end. */
  word(bytes: Buffer, at: number): number {
    return numberAt(bytes, at, { size: this.wordSize, order: this.order });
  }

  /** @param fieldAt where the field stands in the file */
  field(bytes: Buffer, at: number, fieldAt: number): TiffField {
    const { order, wordSize } = this;
    const type = numberAt(bytes, at + 2, { size: 2, order });
    const length = this.word(bytes, at + 4) * (SIZES[type] ?? 0);
    const isHere = length <= wordSize;
    const valueAt = isHere ? fieldAt + 4 + wordSize : this.word(bytes, at + 4 + wordSize);
    return { tag: numberAt(bytes, at, { size: 2, order }), at: valueAt, length, order };
  }
}

/** An unsigned number; 0 beyond the end, and where it is too large to be an offset in a file. */
function numberAt(bytes: Buffer, at: number, { size, order }: { size: number; order: 'little' | 'big' }): number {
  if (at + size > bytes.length) return 0;
  if (size === 2) return order === 'little' ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  if (size === 4) return order === 'little' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  const large = order === 'little' ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
  return large > BigInt(Number.MAX_SAFE_INTEGER) ? 0 : Number(large);
}

/** Fields that hold metadata of a form of its own. */
const KINDS = new Map<number, 'xmp' | 'iim' | 'photoshop'>([
  [700, 'xmp'],
  [33723, 'iim'],
  [34377, 'photoshop'],
]);

/** A TIFF's texts, XMP, and IPTC, each field once. */
export async function* tiffTextBlocks(file: FileHandle): AsyncGenerator<TextBlock> {
  const seen = new Set<number>();
  for await (const { tag, at, length, order } of walkTiffFields(file)) {
    if (length === 0 || seen.has(tag)) continue;
    const kind = KINDS.get(tag);
    if (!kind && !isExifText(tag)) continue;
    seen.add(tag);
    const parts = [{ at, length }];
    // Both hold the same IPTC where both are there.
    if (kind === 'photoshop' && seen.has(33723)) continue;
    yield kind ? { kind, parts } : { kind: 'field', tag, order, parts };
  }
}
