import type { FileFormat } from '../../../electron/contract/catalogue/file-formats.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import { imageFileName, imageName } from '../../state/image-file-name.ts';

/** File names for the masked result of an image and for its heat map. */
export function strictFileNames(record: ImageRecord): { made: string; heat: string } {
  const name = imageName(record);
  return { made: `${name} (masked).png`, heat: `${name} (heat map).webp` };
}

/** The file name of an image's download, with the extension of `as` if given. */
export function fileNameOf(record: ImageRecord, as: FileFormat = record.format): string {
  return imageFileName(record, as);
}
