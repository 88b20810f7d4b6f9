import * as v from 'valibot';
import { ExportOptionsSchema } from './exports.ts';

/** The folder to which every image is copied, and how. */
export const MirrorFolderSchema = v.strictObject({
  /** An existing folder outside the library, as an absolute path. */
  folder: ExportOptionsSchema.entries.folder,
  /** `originals`: byte for byte. `copies`: with prompt, rating and tags as XMP where their format has it; signed files stay as they are. */
  images: v.picklist(['originals', 'copies']),
  /** See `nameByPattern`. */
  names: ExportOptionsSchema.entries.names,
});
export type MirrorChoice = v.InferOutput<typeof MirrorFolderSchema>;

/** What was chosen, until the person stops it. */
export interface MirrorFolder extends MirrorChoice {
  paused: boolean;
}

/** How far the mirror folder is. */
export interface MirrorStatus {
  /** `waiting`: it can't go on for the reason in `problem`, and looks again by itself. */
  state: 'copying' | 'complete' | 'waiting';
  /** Images of the library, outside the trash, that were copied once; and all of them. Both null until they were counted. */
  done: number | null;
  total: number | null;
  /** Images whose file is missing or damaged in the library. */
  failed: number;
  /** What happened and what to do, in sentences; null unless it is waiting. */
  problem: string | null;
}
