import type { GridImage } from '../../electron/contract/entities/views.ts';

/** What the strip shows, by position: a view's images, or some of them. */
export interface StripImages {
  readonly total: number;
  /** width / height × 4096. */
  ratioAt(position: number): number;
  /** Null while it isn't loaded. */
  at(position: number): GridImage | null;
  need(from: number, count: number): void;
}
