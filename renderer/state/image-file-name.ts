import type { FileFormat } from '../../electron/contract/catalogue/file-formats.ts';
import type { ImageRecord } from '../../electron/contract/entities/image-records.ts';
import {
  DEFAULT_NAME_PATTERN,
  namedImage,
  nameByPattern,
  withExtension,
} from '../../electron/contract/rules/file-names.ts';

/** The name of a file that holds an image, without its extension: the local date and the first words of the prompt. */
export function imageName(record: ImageRecord): string {
  const offset = new Date(record.createdAt).getTimezoneOffset();
  return nameByPattern(DEFAULT_NAME_PATTERN, namedImage(record), { counter: 1, offset });
}

/** The same with an extension, by default that of the original. */
export function imageFileName(record: ImageRecord, as: FileFormat = record.format): string {
  return withExtension(imageName(record), as);
}
