import { DEFAULT_CONVERSION } from '../../contract/entities/exports.ts';
import type { ImageRecord } from '../../contract/entities/image-records.ts';
import type { ExportForm } from '../../contract/rules/converted-size.ts';
import { ConvertedFile } from './converted-file.ts';
import type { ExportedFile, ExportedLibrary } from './exported-file.ts';
import { sourceOf } from './exported-image.ts';
import { ImageFile } from './image-file.ts';

/**
 * The file that is written of an image. It has to be disposed of.
 * @throws DamagedError, UnconvertibleError; the signal's reason; the system's error
 */
export function planFile(
  library: ExportedLibrary,
  record: ImageRecord,
  form: ExportForm,
  signal: AbortSignal,
): Promise<ExportedFile> {
  const source = sourceOf(library.folder, record);
  return form.images === 'converted'
    ? ConvertedFile.create(library, { record, source }, form.conversion ?? DEFAULT_CONVERSION, signal)
    : ImageFile.plan({ record, source }, form.images, signal);
}
