import { open, type FileHandle } from 'node:fs/promises';
import type { FileFormat } from '../../../contract/catalogue/file-formats.ts';
import type { OutputFormat } from '../../../contract/catalogue/parameters.ts';
import { avifTextBlocks } from './avif-items.ts';
import { decodeText } from './decode-text.ts';
import { readExifFields } from './exif-fields.ts';
import { ExtendedXmp } from './extended-xmp.ts';
import { gifTextBlocks } from './gif-blocks.ts';
import { readPhotoshop } from './iptc-fields.ts';
import { mapMetadata } from './map-metadata.ts';
import { readAt, type MetadataBlock } from './metadata-block.ts';
import { readPngText, type NamedText } from './png-text.ts';
import { isRawExif, isRawIptc, rawProfile } from './raw-profile.ts';
import { readXmp } from './read-xmp.ts';
import { readTextBlock, type TextBlock } from './text-block.ts';
import { tiffTextBlocks } from './tiff-fields.ts';

/** What an image file says about itself. `cut`: there were more texts, or longer ones, than are read. */
export interface ImageTexts {
  texts: NamedText[];
  cut: boolean;
}

/** Bytes of one block that are read, decompressed, and of all together: workflows reach a few megabytes. */
const MAX_BLOCK = 8_000_000;
const MAX_TOTAL = 16_000_000;
const MAX_BLOCKS = 1000;
/** No byte of a deflate stream stands for more bytes than this. */
const MAX_DEFLATE_RATIO = 1032;

const BLOCKS: Readonly<Partial<Record<FileFormat, (file: FileHandle) => AsyncGenerator<TextBlock>>>> = {
  gif: gifTextBlocks,
  tiff: tiffTextBlocks,
  avif: avifTextBlocks,
};
const isMapped = (format: FileFormat): format is OutputFormat => ['png', 'jpeg', 'webp'].includes(format);

/**
 * Reads the texts of a PNG, JPEG, WebP, GIF, TIFF or AVIF file in bounded time and memory: a PNG's text chunks by their keywords, a comment as
 * `Comment`, EXIF's and TIFF's fields by their names in the standard, XMP's properties by their prefixed names, IPTC's with `iptc:` before them.
 * None for other formats, and for files whose structure is broken.
 */
export async function readTexts(path: string, format: FileFormat): Promise<ImageTexts> {
  const blocks = BLOCKS[format];
  if (!blocks && !isMapped(format)) return { texts: [], cut: false };
  const file = await open(path, 'r');
  try {
    const collected = new TextCollection(file, format);
    if (isMapped(format))
      for (const block of (await mapMetadata(file, format))?.blocks ?? []) await collected.add(block);
    else if (blocks)
      for await (const block of blocks(file)) {
        await collected.addParts(block);
        // Walking through all others would take long in a file that was made for it.
        if (collected.isFull) break;
      }
    return collected.finish();
  } finally {
    await file.close();
  }
}

class TextCollection {
  readonly #file: FileHandle;
  readonly #format: FileFormat;
  readonly #texts: NamedText[] = [];
  readonly #extended = new ExtendedXmp(MAX_BLOCK);
  #room = MAX_TOTAL;
  #blocks = 0;
  #cut = false;

  constructor(file: FileHandle, format: FileFormat) {
    this.#file = file;
    this.#format = format;
  }

  async add(block: MetadataBlock): Promise<void> {
    if (block.kind === 'other') return;
    const length = block.contentEnd - block.content;
    if (!this.#hasRoom(length)) return;
    const texts = await this.#read(block);
    if (!texts) {
      this.#cut = true;
      // What was decompressed in vain counts as read.
      this.#room -= Math.min(MAX_BLOCK, length * MAX_DEFLATE_RATIO);
      return;
    }
    for (const text of texts) this.#keep(text);
  }

  /** Adds a block whose parts may stand anywhere in the file. */
  async addParts(block: TextBlock): Promise<void> {
    const length = block.parts.reduce((sum, part) => sum + part.length, 0);
    if (!this.#hasRoom(length)) return;
    const parts: Buffer[] = [];
    for (const part of block.parts) parts.push(await readAt(this.#file, part.at, part.length));
    const texts = readTextBlock(block, Buffer.concat(parts));
    // What was read in vain counts too.
    if (texts.length === 0) this.#room -= length;
    for (const text of texts) this.#keep(text);
  }

  /** Counts a block; whether it is read. */
  #hasRoom(length: number): boolean {
    this.#blocks += 1;
    const hasRoom = length <= Math.min(MAX_BLOCK, Math.max(0, this.#room)) && this.#blocks <= MAX_BLOCKS;
    if (!hasRoom) this.#cut = true;
    return hasRoom;
  }

  /** Whether nothing more is read. */
  get isFull(): boolean {
    return this.#blocks > MAX_BLOCKS;
  }

  finish(): ImageTexts {
    const { packet, isCut } = this.#extended.finish();
    for (const text of packet === null ? [] : readXmp(packet)) this.#keep(text);
    return { texts: this.#texts, cut: this.#cut || isCut };
  }

  #keep(text: NamedText): void {
    if (text.text === '') return;
    this.#room -= text.text.length;
    if (this.#room < 0) this.#cut = true;
    else this.#texts.push(text);
  }

  /** Null: there is more than is read. */
  async #read(block: MetadataBlock): Promise<NamedText[] | null> {
    // A JPEG's segment is needed with the name that begins it: it may be a part of a larger packet.
    const from = block.kind === 'xmp' && this.#format === 'jpeg' ? block.start + 4 : block.content;
    const content = await readAt(this.#file, from, block.contentEnd - from);
    if (block.kind === 'exif') return readExifFields(content);
    if (block.kind === 'iptc') return readPhotoshop(content);
    if (block.kind === 'xmp') return this.#readXmp(content, content.length - (block.contentEnd - block.content));
    if (block.type === undefined) return [{ name: 'Comment', text: decodeText(content).replace(/\0+$/u, '') }];
    const text = readPngText(content, block.type, Math.min(MAX_BLOCK, Math.max(1, this.#room)));
    if (!text) return null;
    if (text.name === 'XML:com.adobe.xmp') return readXmp(text.text);
    if (isRawIptc(text.name)) return readPhotoshop(rawProfile(text.text));
    return isRawExif(text.name) ? readExifFields(rawProfile(text.text)) : [text];
  }

  #readXmp(content: Buffer, headLength: number): NamedText[] {
    return this.#extended.take(content) ? [] : readXmp(content.toString('utf8', headLength));
  }
}
