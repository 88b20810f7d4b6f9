import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { defineOperation } from '../decoding/operation.ts';
import type { Size } from '../pixels/change-messages.ts';
import type { RecompositeResult } from '../pixels/recomposite.ts';

/** The files of an edit with a mask. */
export interface EditFiles {
  /** The original response. */
  raw: string;
  format: FileFormat;
  first: string;
  mask: string;
}

/** What is known of a masked result that was written. `converted`: changes of the first input's colours. */
export interface Recomposited extends Omit<RecompositeResult, 'opaque'> {
  receivedSize: Size;
  size: Size;
  converted: string[];
}

/** Writes the masked result to `to`, a new file. */
export const RECOMPOSITE = defineOperation<EditFiles & { feather: number; to: string }, Recomposited>({
  name: 'recomposite',
  seconds: 240,
  lane: 'edits',
});

/** The heat map as WebP. */
export const DRAW_HEAT_MAP = defineOperation<EditFiles, Uint8Array>({
  name: 'draw-heat-map',
  seconds: 180,
  lane: 'edits',
});
