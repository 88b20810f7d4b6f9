import { basename } from 'node:path';
import type { GenerationId } from '../../contract/entities/ids.ts';
import type { InputRole } from '../../contract/entities/requests.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { inputRows } from './generations.ts';
import { originalPath } from '../files/folders.ts';
import { fileFormatFacts } from '../../contract/catalogue/file-formats.ts';
import type { Library } from '../files/library-handle.ts';
import { statSync } from 'node:fs';

/** A file that is sent with an edit or a variation. */
interface LocatedInput {
  role: InputRole;
  path: string;
  fileName: string;
  mediaType: string;
  bytes: number;
}

/**
 * The files that are sent with a request, in order.
 * @throws StudioError `file-missing`, before anything is sent
 */
export function locateInputs({ db, folder }: Library, generationId: GenerationId): LocatedInput[] {
  return inputRows(db, generationId).map((row) => {
    const path = originalPath(folder, row.sha256, row.format);
    const bytes = statSync(path, { throwIfNoEntry: false })?.size;
    if (bytes === undefined) {
      const message = 'An input image is missing from the library. Choose it again.';
      throw new StudioError({ code: 'file-missing', message, field: row.role });
    }
    return { role: row.role, path, fileName: basename(path), mediaType: fileFormatFacts(row.format).mediaType, bytes };
  });
}
