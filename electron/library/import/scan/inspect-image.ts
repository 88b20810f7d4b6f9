import { stat } from 'node:fs/promises';
import { fileFormatFacts, type FileFormat } from '../../../contract/catalogue/file-formats.ts';
import type { ImportProblem } from '../../../contract/entities/imports.ts';
import { StudioError } from '../../../contract/errors/errors.ts';
import { MAX_IMPORT_BYTES } from '../../../contract/rules/import-limits.ts';
import { errorCode } from '../../../disk/error-code.ts';
import { sniffFormat } from '../../files/format.ts';
import { readStatedSize } from '../../files/image-size.ts';
import { isWholeImage } from '../../files/whole-image.ts';
import { isDecodable, MAX_THUMBNAIL_PIXELS } from '../../pixels/limits.ts';

/** Why a file isn't imported, thrown by what reads it. */
export class ImportRefusal extends Error {
  readonly problem: ImportProblem;
  readonly format: FileFormat | null;

  constructor(problem: ImportProblem, format: FileFormat | null = null, options?: ErrorOptions) {
    super(problem, options);
    this.problem = problem;
    this.format = format;
  }
}

/** A failure of the system while a file of the person is read, as the reason why it isn't imported. @throws StudioError as it is */
export function toRefusal(thrown: unknown): ImportRefusal {
  if (thrown instanceof ImportRefusal) return thrown;
  if (thrown instanceof StudioError) throw thrown;
  return new ImportRefusal(errorCode(thrown) === 'ENOENT' ? 'gone' : 'unreadable', null, { cause: thrown });
}

/** What a file's first and last bytes and its header say. */
export interface InspectedImage {
  format: FileFormat;
  bytes: number;
  modifiedAt: number;
}

/** Whether a format is an image that can be imported. @throws ImportRefusal */
export function requireImportable(format: FileFormat): void {
  if (!fileFormatFacts(format).isImage) throw new ImportRefusal('not-an-image', format);
  if (!isDecodable(format)) throw new ImportRefusal('unsupported', format);
}

/**
 * Inspects an image file by its content, whatever its name is, without decoding it: what is damaged inside is found by the decoder.
 * @throws ImportRefusal, or the system's error
 */
export async function inspectImage(path: string): Promise<InspectedImage> {
  const { size, mtimeMs } = await stat(path);
  if (size === 0) throw new ImportRefusal('empty');
  const format = await sniffFormat(path);
  requireImportable(format);
  if (size > MAX_IMPORT_BYTES) throw new ImportRefusal('too-large', format);
  const stated = await readStatedSize(path, format);
  if (!(await isWholeImage(path, true))) throw new ImportRefusal('truncated', format);
  if (!stated && format !== 'svg') throw new ImportRefusal('damaged', format);
  if (stated && format !== 'svg' && stated.width * stated.height > MAX_THUMBNAIL_PIXELS)
    throw new ImportRefusal('too-many-pixels', format);
  return { format, bytes: size, modifiedAt: Math.round(mtimeMs) };
}
