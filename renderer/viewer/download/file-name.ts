import { fileFormatFacts, type FileFormat } from '../../../electron/contract/catalogue/file-formats.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';

/** File names for the masked result of an image and for its heat map. */
export function strictFileNames({ sha256 }: Pick<ImageRecord, 'sha256'>): { made: string; heat: string } {
  const name = sha256.slice(0, 12);
  return { made: `${name}-masked.png`, heat: `${name}-heat-map.webp` };
}

/** The file name of an image's download, with the extension of `as` if given. */
export function fileNameOf(
  { sha256, format }: Pick<ImageRecord, 'sha256' | 'format'>,
  as: FileFormat = format,
): string {
  return `${sha256.slice(0, 12)}.${fileFormatFacts(as).extension}`;
}
