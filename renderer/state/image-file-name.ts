import type { FileFormat } from '../../electron/contract/catalogue/file-formats.ts';
import type { ImageRecord } from '../../electron/contract/entities/image-records.ts';
import {
  DEFAULT_NAME_PATTERN,
  nameByPattern,
  withExtension,
  type NamedImage,
} from '../../electron/contract/rules/file-names.ts';

/** The facts of an image that names are made of. */
function namedImage({ createdAt, prompt, model, width, height, sha256, marks, generation }: ImageRecord): NamedImage {
  const quality = generation && 'quality' in generation.parameters ? generation.parameters.quality : null;
  return {
    createdAt,
    prompt,
    model,
    width,
    height,
    sha256,
    quality: quality ?? '',
    rating: marks.rating,
  };
}

/** The name of a file that holds an image, without its extension: the local date and the first words of the prompt. */
export function imageName(record: ImageRecord): string {
  const offset = new Date(record.createdAt).getTimezoneOffset();
  return nameByPattern(DEFAULT_NAME_PATTERN, namedImage(record), { counter: 1, offset });
}

/** The same with an extension, by default that of the original. */
export function imageFileName(record: ImageRecord, as: FileFormat = record.format): string {
  return withExtension(imageName(record), as);
}
