import * as v from 'valibot';
import { ImageIdSchema, type ImageId } from '../../../electron/contract/entities/ids.ts';

/** Where the grid is: the first visible image, and how far its row is scrolled beyond the top, in px. */
export interface Anchor {
  /** Null while its row isn't loaded: then the position tells. */
  imageId: ImageId | null;
  position: number;
  offset: number;
}

const AnchorSchema = v.object({
  imageId: v.nullable(ImageIdSchema),
  position: v.pipe(v.number(), v.integer(), v.minValue(0)),
  offset: v.number(),
});

const keyOf = (folder: string): string => `emulsion.library-anchor:${folder}`;

/** The anchor stored for a library folder; null for the newest images. */
export function readAnchor(folder: string): Anchor | null {
  try {
    const stored = localStorage.getItem(keyOf(folder));
    if (stored === null) return null;
    const anchor = v.safeParse(AnchorSchema, JSON.parse(stored));
    return anchor.success ? anchor.output : null;
  } catch {
    // Storage is unavailable or holds something else: begin with the newest images.
    return null;
  }
}

/** Stores where the grid is, for the next start. */
export function storeAnchor(folder: string, anchor: Anchor | null): void {
  try {
    if (anchor === null) localStorage.removeItem(keyOf(folder));
    else localStorage.setItem(keyOf(folder), JSON.stringify(anchor));
  } catch {
    // Storage is unavailable: the place is not remembered.
  }
}
