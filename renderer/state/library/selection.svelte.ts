import { untrack } from 'svelte';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Selection } from '../../../electron/contract/entities/views.ts';
import { currentTime } from '../../page/clock.ts';
import { lookUp } from './look-up.ts';
import type { PositionRange } from './position-ranges.ts';
import { SelectionCursor } from './selection-cursor.svelte.ts';
import {
  addRanges,
  countParts,
  firstOf,
  hasImage,
  idsOf,
  moveParts,
  noParts,
  takeOut,
  TOO_MANY_EXCEPTIONS,
  withEnds,
  type LoadedImages,
  type SelectionParts,
} from './selection-parts.ts';
import { findEnds, isReordered, orderOf, placeOf, type SelectionSource } from './selection-source.ts';
import { partsOf, readSelection, storedParts, storeSelection, type StoredSelection } from './stored-selection.ts';

/** A selection that stays this long is stored, ms. */
const STORE_PAUSE = 150;
/**
 * The selected images: some chosen one by one, ranges of the view, or the whole view, without exceptions. Nothing in it grows with the view,
 * so *Select all* takes as long at a million images as at ten. Images that arrive later aren't selected.
 */
export class ImageSelection {
  #parts = $state.raw<SelectionParts>(noParts());
  /** A sentence on why the last step had no effect; null otherwise. */
  refusal = $state<string | null>(null);
  /** ms since 1970: later images aren't selected. */
  #until = 0;
  /** Number of images in the view when all of them were selected. */
  #wholeCount = 0;
  /** Query and place that the selection was made in. */
  #madeIn: string | null = null;
  #order: string | null = null;
  #restored = false;
  #turn = 0;
  #release: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #source: SelectionSource;
  readonly #cursor = new SelectionCursor((position) => this.#idAt(position));
  readonly #images: LoadedImages = {
    idAt: (position) => this.#idAt(position),
    isMeant: (position) => this.#isMeant(this.#source.view.at(position)?.createdAt ?? 0),
  };

  constructor(source: SelectionSource) {
    this.#source = source;
  }

  /** Images that arrive later aren't meant; those of a clock that was ahead were there. */
  #isMeant(createdAt: number): boolean {
    return createdAt <= this.#until || createdAt > currentTime();
  }

  readonly count = $derived.by(() => countParts(this.#parts, Math.min(this.#wholeCount, this.#source.view.total)));

  /** The position that the keys start from; null before the first. */
  get current(): number | null {
    return this.#cursor.current;
  }

  set current(position: number | null) {
    this.#cursor.current = position;
  }

  /** The image at `current`; null also where it isn't loaded. */
  get currentId(): ImageId | null {
    return this.#cursor.currentId;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** Whether everything in the view is selected. */
  get isAll(): boolean {
    return this.count > 0 && this.count >= this.#source.view.total;
  }

  /** The images, if they were chosen one by one; null for ranges. In the order in which they were chosen. */
  get imageIds(): readonly ImageId[] | null {
    const { whole, ranges, chosen } = this.#parts;
    return whole || ranges.length > 0 ? null : [...chosen.keys()];
  }

  /** Where the selection begins; null where nothing is selected, or that isn't known. */
  get firstPosition(): number | null {
    return firstOf(this.#parts);
  }

  /** Whether an image is selected. `id`: null where its row isn't loaded. */
  has(position: number, id: ImageId | null): boolean {
    return hasImage(this.#parts, position, id, this.#images);
  }

  /** Selects one image and nothing else. */
  only(position: number): void {
    this.#parts = noParts();
    this.#cursor.moveTo(position);
    this.#addRanges([{ from: position, to: position }]);
  }

  /** Selects an image, or takes it out of the selection. */
  toggle(position: number): void {
    this.#cursor.moveTo(position);
    const id = this.#idAt(position);
    if (!this.has(position, id)) this.#addRanges([{ from: position, to: position }]);
    else if (id !== null) this.#takeOut(id, position);
  }

  /** Selects from the image selected last to this one, in place of the range made before. */
  extendTo(position: number, keep: boolean = false): void {
    // With nothing selected, it is the image that the keys are at.
    const anchor = (this.isEmpty ? this.current : this.#cursor.anchor) ?? this.current ?? position;
    if (!keep) this.#parts = noParts();
    this.addRange(anchor, position);
    this.#cursor.anchor = anchor;
    this.#cursor.current = position;
  }

  /** Adds the images from one position to another. */
  addRange(from: number, to: number): void {
    this.#addRanges([{ from: Math.min(from, to), to: Math.max(from, to) }]);
  }

  /** Takes the images from one position to another out. */
  removeRange(from: number, to: number): void {
    for (let position = from; position <= to; position += 1) {
      const id = this.#idAt(position);
      if (id !== null && this.has(position, id)) this.#takeOut(id, position);
    }
  }

  /** Selects the view's images, loaded or not. */
  all(): void {
    this.#start();
    this.#wholeCount = this.#source.view.total;
    this.#until = currentTime();
    this.#change({ ...noParts(), whole: true });
  }

  clear(): void {
    this.#cursor.anchorHere();
    this.#change(noParts());
  }

  /** The state to return to with `restore`, for a marquee. */
  snapshot(): unknown {
    return this.#parts;
  }

  restore(snapshot: unknown): void {
    this.#change(snapshot as SelectionParts);
  }

  /** Selects the images of some ranges, and what a snapshot had. */
  replace(snapshot: unknown, ranges: readonly PositionRange[]): void {
    this.#parts = snapshot === null ? noParts() : (snapshot as SelectionParts);
    this.#addRanges(ranges);
    const last = ranges.at(-1);
    if (last) this.#cursor.moveTo(last.to);
  }

  /** For endpoints. Ends of ranges that aren't known yet are missing: use `settle` before an edit. */
  get value(): Selection {
    const { whole, chosen, ranges, except } = this.#parts;
    if (!whole && ranges.length === 0) return { kind: 'images', imageIds: [...chosen.keys()] };
    return {
      kind: 'view',
      question: this.#source.question.settled,
      ranges: whole ? 'all' : ranges.flatMap(({ first, last }) => (first && last ? [{ first, last }] : [])),
      except: [...except.keys()],
      also: [...chosen.keys()],
      until: this.#until,
    };
  }

  /** `value` once all ends of its ranges are known. @throws StudioError if they can't be found */
  async settle(): Promise<Selection> {
    await this.#findEnds();
    return this.value;
  }

  /** Ids of the selected images between two positions, as far as they are loaded; for what is painted before it is stored. */
  loadedIn(from: number, to: number): ImageId[] {
    const found: ImageId[] = [];
    for (let position = Math.max(0, from); position <= to; position += 1) {
      const id = this.#idAt(position);
      if (id !== null && this.has(position, id)) found.push(id);
    }
    return found;
  }

  /** Follows the view until `stop`. Nothing if that has begun. */
  start(): void {
    this.#release ??= $effect.root(() => {
      $effect(() => this.follow());
    });
  }

  stop(): void {
    this.#release?.();
    this.#release = null;
    if (this.#timer !== undefined) this.#store();
  }

  /** Another query or place clears the selection; a new revision moves positions, which are looked up by the ids of the ranges' ends. */
  follow(): void {
    const { view } = this.#source.view;
    const { settled } = this.#source.question;
    untrack(() => {
      if (!view) return;
      const here = placeOf(settled);
      if (!this.#restored) this.#restore(here);
      else if (this.#madeIn !== null && this.#madeIn !== here) this.#forget();
      this.#madeIn = here;
      const order = orderOf(settled);
      if (this.#order !== null && this.#order !== order && this.#parts.ranges.length > 0)
        this.#change({ ...this.#parts, ranges: [], except: new Map() });
      this.#order = order;
      void this.#relocate();
    });
  }

  #restore(here: string): void {
    this.#restored = true;
    const stored = readSelection(this.#source.folder());
    if (!stored || stored.place !== here) return;
    this.#until = stored.until;
    this.#wholeCount = stored.wholeCount;
    this.#cursor.restore(stored.current);
    this.#parts = partsOf(stored);
  }

  #forget(): void {
    this.#parts = noParts();
    this.#cursor.clear();
    this.#store();
  }

  /** Looks up where the ends of ranges, and what was chosen, are now. */
  async #relocate(): Promise<void> {
    const turn = ++this.#turn;
    const ids = [...new Set([...idsOf(this.#parts), ...this.#cursor.imageIds])];
    // A view that expired meanwhile is followed by another one.
    const found = await lookUp(ids, this.#source.view).catch(() => null);
    if (found === null || found.size === 0 || turn !== this.#turn) return;
    this.#change(moveParts(this.#parts, found, isReordered(this.#source.question.settled)));
    this.#cursor.move(found);
  }

  #idAt(position: number): ImageId | null {
    return this.#source.view.at(position)?.id ?? null;
  }

  #addRanges(added: readonly PositionRange[]): void {
    this.#start();
    const more = addRanges(this.#parts, added, this.#images);
    if (more === null) {
      this.refusal = 'The selection has too many parts. Nothing was added to it. Select a longer range, or all images.';
      return;
    }
    this.#change(more.parts);
    if (more.wide.length > 0) void this.#findEnds().catch(() => undefined);
  }

  #takeOut(id: ImageId, position: number): void {
    const fewer = takeOut(this.#parts, id, position);
    if (fewer) this.#change(fewer);
    else this.refusal = TOO_MANY_EXCEPTIONS;
  }

  /** The first step of a selection decides which images are too new for it. */
  #start(): void {
    this.refusal = null;
    if (this.#parts.whole || this.#parts.ranges.length > 0) return;
    this.#until = currentTime();
    this.#madeIn = placeOf(this.#source.question.settled);
  }

  #change(parts: SelectionParts): void {
    this.#parts = parts;
    this.#timer ??= setTimeout(() => this.#store(), STORE_PAUSE);
  }

  /** Ids of the ends of ranges that weren't loaded when they were made. */
  async #findEnds(): Promise<void> {
    const found = await findEnds(this.#parts.ranges, this.#source);
    if (found.size > 0) this.#change({ ...this.#parts, ranges: withEnds(this.#parts.ranges, found) });
  }

  #store(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const stored: StoredSelection = {
      ...storedParts(this.#parts),
      place: this.#madeIn ?? placeOf(this.#source.question.settled),
      wholeCount: this.#wholeCount,
      until: this.#until,
      current: this.#cursor.currentId,
    };
    storeSelection(this.#source.folder(), stored);
  }
}
