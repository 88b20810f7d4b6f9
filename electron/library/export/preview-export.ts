import type { ExportPreview } from '../../contract/entities/exports.ts';
import { namedImage } from '../../contract/rules/file-names.ts';
import type { Readable } from '../db/database.ts';
import { readByTimeline, sourceOf } from './exported-image.ts';

/** Names that a person sees before an export. */
const SHOWN = 3;

/** What an export of these images, by their timeline keys in order, would be of. */
export function previewExport(library: { db: Readable; folder: string }, timelines: Float64Array): ExportPreview {
  const first = [...timelines.subarray(0, SHOWN)].flatMap((timeline) => {
    const record = readByTimeline(library.db, timeline);
    return record ? [{ ...namedImage(record), format: sourceOf(library.folder, record).format }] : [];
  });
  return { images: timelines.length, first };
}
