import { untrack } from 'svelte';
import type { Marks } from '../../electron/contract/entities/annotations.ts';
import type { Change, Edit } from '../../electron/contract/entities/changes.ts';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import type { GridImage } from '../../electron/contract/entities/views.ts';
import { marksOf, type LibraryChanges } from '../state/library/changes.svelte.ts';
import type { CulledPlaces } from './CulledPlaces.ts';

/** The images that are gone through: a view that doesn't change while one decides. */
export interface CulledView {
  readonly total: number;
  at(position: number): GridImage | null;
  need(from: number, count: number): void;
  patch(ids: readonly ImageId[], marks: Partial<Marks>): (stored: boolean) => void;
}

/** Which images are stopped at. `undecided`: neither rated, favourite nor rejected. */
export type CullingFilter = 'all' | 'undecided';

/** What can be taken back. */
interface Decision {
  imageId: ImageId;
  index: number;
  before: Marks;
  change: Promise<Change | null>;
}

/** Rows that are loaded ahead of and behind the image. */
const AROUND = 40;

/** Goes through images one by one and decides about each. */
export class CullingRun {
  /** Place among the images, 0-based; their number at the end. */
  index = $state(0);
  /** After a decision the next image is shown. */
  advances = $state(true);
  filter = $state<CullingFilter>('all');
  /** A row that is needed isn't loaded yet. */
  #seeking = $state.raw<{ from: number; by: 1 | -1 } | null>(null);
  #kept = $state.raw<ReadonlySet<ImageId>>(new Set());
  #rejected = $state.raw<ReadonlySet<ImageId>>(new Set());
  #decisions = $state.raw<readonly Decision[]>([]);
  readonly #view: CulledView;
  readonly #changes: Pick<LibraryChanges, 'apply' | 'undo'>;
  /** Null for the whole view. */
  readonly #places: CulledPlaces | null;

  constructor(view: CulledView, changes: Pick<LibraryChanges, 'apply' | 'undo'>, places: CulledPlaces | null) {
    this.#view = view;
    this.#changes = changes;
    this.#places = places;
  }

  get total(): number {
    return this.#places?.total ?? this.#view.total;
  }

  /** All images were gone through. */
  get isOver(): boolean {
    return this.total > 0 && this.index >= this.total;
  }

  get image(): GridImage | null {
    return this.at(this.index);
  }

  /** Rated or favourite, of those decided in this run. */
  get kept(): number {
    return this.#kept.size;
  }

  get rejected(): number {
    return this.#rejected.size;
  }

  get canUndo(): boolean {
    return this.#decisions.length > 0;
  }

  at(index: number): GridImage | null {
    const position = this.positionOf(index);
    return position === null ? null : this.#view.at(position);
  }

  positionOf(index: number): number | null {
    if (index < 0 || index >= this.total) return null;
    return this.#places === null ? index : this.#places.positionOf(index);
  }

  /** Loads images by their number, before what was needed earlier. */
  need(from: number, count: number): void {
    if (this.#places === null) {
      this.#view.need(from, count);
      return;
    }
    for (let index = from; index < from + count; index += 1) {
      const position = this.positionOf(index);
      if (position !== null) this.#view.need(position, 1);
    }
  }

  indexOf(position: number): number {
    return this.#places === null ? position : this.#places.indexOf(position);
  }

  /** Loads the rows around, and continues a step that waited for one: to be called in an effect. */
  follow(): void {
    const seeking = this.#seeking;
    if (seeking) this.#seek(seeking.from, seeking.by);
    const { index } = this;
    untrack(() => this.#needAround(index));
  }

  go(index: number): void {
    this.#seeking = null;
    this.index = Math.min(this.total, Math.max(0, index));
  }

  next(): void {
    this.#step(1);
  }

  previous(): void {
    this.#step(-1);
  }

  /** Applies an edit to the image, painted at once, and goes on. */
  decide(edit: Edit): void {
    const { image, index } = this;
    const marks = marksOf(edit);
    if (image === null || marks === null) return;
    const before = image.marks;
    const settle = this.#view.patch([image.id], marks);
    this.#count(image.id, { ...before, ...marks });
    const change = this.#changes.apply({ kind: 'images', imageIds: [image.id] }, edit, [image.id]);
    const decision: Decision = { imageId: image.id, index, before, change };
    this.#decisions = [...this.#decisions, decision];
    void change.then((done) => {
      settle(done !== null);
      if (done === null) this.#forget(decision);
    });
    if (this.advances) this.next();
  }

  /** Takes the last decision back and shows its image. */
  async undo(): Promise<void> {
    const decision = this.#decisions.at(-1);
    if (!decision) return;
    this.#forget(decision);
    this.go(decision.index);
    const settle = this.#view.patch([decision.imageId], decision.before);
    const change = await decision.change;
    if (change) await this.#changes.undo(change);
    settle(true);
  }

  #forget(decision: Decision): void {
    this.#decisions = this.#decisions.filter((other) => other !== decision);
    this.#count(
      decision.imageId,
      decision.before,
      this.#decisions.some(({ imageId }) => imageId === decision.imageId),
    );
  }

  /** `decided`: it counts. */
  #count(id: ImageId, { rating, favourite, rejected }: Marks, decided = true): void {
    const isKept = decided && !rejected && (rating > 0 || favourite);
    this.#kept = withOrWithout(this.#kept, id, isKept);
    this.#rejected = withOrWithout(this.#rejected, id, decided && rejected);
  }

  #needAround(index: number): void {
    this.need(Math.max(0, index - AROUND), 2 * AROUND);
  }

  #step(by: 1 | -1): void {
    this.#seek(this.index + by, by);
  }

  #seek(from: number, by: 1 | -1): void {
    // Without a condition, an image needn't be loaded to go to it.
    const isFree = this.filter === 'all' && (this.#places?.until ?? Infinity) === Infinity;
    for (let index = from; index >= 0 && index < this.total; index += by) {
      const image = isFree ? null : this.at(index);
      if (isFree || (image !== null && this.#isWanted(image))) {
        this.go(index);
        return;
      }
      if (image === null) {
        // An effect follows it: the same again would run that without end.
        if (this.#seeking?.from !== index) this.#seeking = { from: index, by };
        untrack(() => this.#needAround(index));
        return;
      }
    }
    this.#seeking = null;
    // Nothing is left: the end, or it stays at the first one.
    if (by === 1) this.index = this.total;
  }

  #isWanted({ marks, createdAt }: GridImage): boolean {
    return createdAt <= (this.#places?.until ?? Infinity) && (this.filter === 'all' || isUndecided(marks));
  }
}

function isUndecided({ rating, favourite, rejected }: Marks): boolean {
  return rating === 0 && !favourite && !rejected;
}

function withOrWithout(ids: ReadonlySet<ImageId>, id: ImageId, has: boolean): ReadonlySet<ImageId> {
  if (ids.has(id) === has) return ids;
  const next = new Set(ids);
  if (has) next.add(id);
  else next.delete(id);
  return next;
}
