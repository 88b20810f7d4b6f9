import type { ErrorReport } from '../errors/errors.ts';
import type { ImageTag } from './annotations.ts';
import type { ImageId } from './ids.ts';
import type { GridImage } from './views.ts';

/** A search for near duplicates among all images outside the trash. */
export interface DuplicateSearch {
  state: 'running' | 'done' | 'failed';
  /** Part that is done, 0 to 1. */
  progress: number;
  /** Images that could be compared, and groups found among them. 0 until it is done. */
  images: number;
  groups: number;
  error: ErrorReport | null;
}

export interface DuplicateImage extends GridImage {
  tags: ImageTag[];
  /** Number of collections it is in. */
  collections: number;
}

/** Images that look the same: copies in another format, size or quality, or with small changes. Newest first. */
export interface DuplicateGroup {
  /** Its place among the groups. */
  id: number;
  images: DuplicateImage[];
  /** Images beyond those listed. */
  more: number;
  /** The one suggested to keep: the best rated, of these the largest, of these the newest. */
  keep: ImageId;
}

export interface DuplicatePage {
  groups: DuplicateGroup[];
  /** The group after which the next page begins; null: there is none. */
  next: number | null;
}
