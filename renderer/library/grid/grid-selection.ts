import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { GridImage } from '../../../electron/contract/entities/views.ts';

/** Which images are selected, as far as the grid shows it and its keys change it. */
export interface GridSelection {
  /** The position that keys start from; null before the first. */
  current: number | null;
  readonly count: number;
  /** Whether an image is selected. `id`: null where its row isn't loaded. */
  has(position: number, id: ImageId | null): boolean;
  toggle(position: number): void;
  /** Selects from the range's other end to a position. `keep`: beside what is selected. */
  extendTo(position: number, keep: boolean): void;
  all(): void;
  clear(): void;
}

/** What a grid for choosing shows on its cells. */
export interface CellChoice {
  /** Only one can be chosen. */
  readonly isSingle: boolean;
  /** An image's number among those chosen, from 1; null if it isn't, or where only one can be. */
  orderOf(id: ImageId): number | null;
  /** Whether an image can be chosen at all. */
  isOffered(image: Pick<GridImage, 'id' | 'flaw'>): boolean;
}
