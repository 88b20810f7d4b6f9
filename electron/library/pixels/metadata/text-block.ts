import { decodeText } from './decode-text.ts';
import { exifFieldText, readExifFields } from './exif-fields.ts';
import { readIim, readPhotoshop } from './iptc-fields.ts';
import type { NamedText } from './png-text.ts';
import { readXmp } from './read-xmp.ts';

/** A part of a file, bytes. */
export interface FilePart {
  at: number;
  length: number;
}

/** Metadata of a GIF, TIFF or AVIF, and the parts of the file that hold it, in their order. `field`: the value of one of TIFF's fields. */
export type TextBlock = { parts: readonly FilePart[] } & (
  { kind: 'exif' | 'xmp' | 'iim' | 'photoshop' | 'comment' } | { kind: 'field'; tag: number; order: 'little' | 'big' }
);

/** The texts in a block, by their names. */
export function readTextBlock(block: TextBlock, content: Buffer): NamedText[] {
  switch (block.kind) {
    case 'exif':
      return readExifFields(content);
    case 'xmp':
      return readXmp(withoutTrailer(content.toString('utf8')));
    case 'iim':
      return readIim(content);
    case 'photoshop':
      return readPhotoshop(content);
    case 'comment':
      return [{ name: 'Comment', text: decodeText(content).replace(/\0+$/u, '') }];
    case 'field':
      return exifFieldText(block.tag, content, block.order);
  }
}

/** In a GIF a packet is followed by bytes that let old readers skip it. */
const withoutTrailer = (packet: string): string => packet.slice(0, packet.lastIndexOf('>') + 1);
