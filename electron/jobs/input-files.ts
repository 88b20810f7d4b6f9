import { basename } from 'node:path';
import type { Input } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { InputFile } from '../images-api/request.ts';
import { locateFile, type Library } from '../library/library.ts';

/**
 * The files behind a job's inputs, in order.
 * @throws StudioError `file-missing` where an original is not in the library folder any more; nothing was sent
 */
export function inputFiles(library: Library, inputs: readonly Input[]): InputFile[] {
  return inputs.map(({ role, image }, position) => {
    const file = locateFile(library, { kind: 'original', imageId: image });
    if (!file) {
      throw new StudioError({
        code: 'file-missing',
        message: `Input ${position + 1} is not in the library folder any more. Nothing was sent and nothing was billed.`,
      });
    }
    return { role, path: file.path, fileName: basename(file.path), mediaType: file.mediaType, bytes: file.bytes };
  });
}
