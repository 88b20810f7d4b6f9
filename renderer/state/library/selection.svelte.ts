import { untrack } from 'svelte';
import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { SortBy } from '../../../electron/contract/entities/query.ts';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import type { GridImage, Selection, View, ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { currentTime } from '../../page/clock.ts';
import { countPositions, rangeAt, unite, type PositionRange } from './position-ranges.ts';
import { readSelection, storeSelection, type StoredSelection } from './stored-selection.ts';

/** Most images that are chosen one by one, or excepted; the contract's limit. */
const MAX_CHOSEN = 10_000;
/** A range of at most this many loaded images is kept as images: it stays the same when the order changes. */
const MAX_EXPANDED = 1000;
/** The contract's limit. */
const MAX_RANGES = 1000;
/** A selection that stays this long is stored, ms. */
const STORE_PAUSE = 150;
const MAX_LOOKUP = 1000;
/** Orders that an edit changes. */
const MUTABLE_ORDERS: ReadonlySet<SortBy> = new Set(['rating', 'collection', 'likeness']);

/** A range of the view. Its ends are known by id once the rows are loaded. */
interface ViewRange extends PositionRange {
  first: ImageId | null;
  last: ImageId | null;
}

/** What the selection needs to know of the grid's images. */
export interface SelectableView {
  readonly view: View | null;
  readonly total: number;
  at(position: number): GridImage | null;
  positions(ids: ImageId[]): Promise<(number | null)[]>;
}

export interface SelectionSource {
  studio: Pick<StudioApi, 'views'>;
  question: { readonly settled: ViewQuestion };
  view: SelectableView;
  /** The library's folder; '' before it is known. */
  folder: () => string;
}

/** The parts of a selection, to go back to while a marquee is being drawn. */
interface Parts {
  whole: boolean;
  /** Positions where known. */
  chosen: Map<ImageId, number | null>;
  ranges: ViewRange[];
  except: Map<ImageId, number | null>;
}

/**
 * The selected images: some chosen one by one, ranges of the view, or the whole view, without exceptions. Nothing in it grows with the view,
 * so *Select all* takes as long at a million images as at ten. Images that arrive later aren't selected.
 */
export class ImageSelection {
  #parts = $state.raw<Parts>(nothing());
  /** A sentence on why the last step had no effect; null otherwise. */
  refusal = $state<string | null>(null);
  #current = $state<number | null>(null);
  /** The other end of a range made with Shift. */
  #anchor: number | null = null;
  /** ms since 1970: later images aren't selected. */
  #until = 0;
  /** Number of images in the view when all of them were selected. */
  #wholeCount = 0;
  #currentId: ImageId | null = null;
  #anchorId: ImageId | null = null;
  /** Query and place that the selection was made in. */
  #madeIn: string | null = null;
  #order: string | null = null;
  #restored = false;
  #turn = 0;
  #release: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #source: SelectionSource;

  constructor(source: SelectionSource) {
    this.#source = source;
  }

  readonly count = $derived.by(() => {
    const { whole, chosen, ranges, except } = this.#parts;
    const many = whole ? Math.min(this.#wholeCount, this.#source.view.total) : countPositions(ranges) + chosen.size;
    return Math.max(0, many - except.size);
  });

  /** The position that the keys start from; null before the first. */
  get current(): number | null {
    return this.#current;
  }

  set current(position: number | null) {
    this.#current = position;
    this.#currentId = position === null ? null : this.#idAt(position);
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
    const { whole, chosen, ranges } = this.#parts;
    if (whole) return 0;
    const first = Math.min(ranges[0]?.from ?? Infinity, ...[...chosen.values()].map((at) => at ?? Infinity));
    return Number.isFinite(first) ? first : null;
  }

  /** Whether an image is selected. `id`: null where its row isn't loaded. */
  has(position: number, id: ImageId | null): boolean {
    const { whole, chosen, ranges, except } = this.#parts;
    if (id !== null && except.has(id)) return false;
    if (id !== null && chosen.has(id)) return true;
    if (!whole && rangeAt(ranges, position) < 0) return false;
    const image = this.#source.view.at(position);
    return image === null || image.createdAt <= this.#until;
  }

  /** Selects one image and nothing else. */
  only(position: number): void {
    this.#parts = nothing();
    this.#moveTo(position);
    this.#addRanges([{ from: position, to: position }]);
  }

  /** Selects an image, or takes it out of the selection. */
  toggle(position: number): void {
    this.#moveTo(position);
    const id = this.#idAt(position);
    if (!this.has(position, id)) this.#addRanges([{ from: position, to: position }]);
    else if (id !== null) this.#takeOut(id, position);
  }

  /** Selects from the image selected last to this one, in place of the range made before. */
  extendTo(position: number, keep: boolean = false): void {
    const anchor = this.#anchor ?? this.current ?? position;
    if (!keep) this.#parts = nothing();
    this.#addRanges([{ from: Math.min(anchor, position), to: Math.max(anchor, position) }]);
    this.#anchor = anchor;
    this.#anchorId = this.#idAt(anchor);
    this.current = position;
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
    this.#change({ ...nothing(), whole: true });
  }

  clear(): void {
    this.#anchor = this.current;
    this.#anchorId = this.#currentId;
    this.#change(nothing());
  }

  /** The state to return to with `restore`, for a marquee. */
  snapshot(): unknown {
    return this.#parts;
  }

  restore(snapshot: unknown): void {
    this.#change(snapshot as Parts);
  }

  /** Selects the images of some ranges, and what a snapshot had. */
  replace(snapshot: unknown, ranges: readonly PositionRange[]): void {
    this.#parts = snapshot === null ? nothing() : (snapshot as Parts);
    this.#addRanges(ranges);
    const last = ranges.at(-1);
    if (last) this.#moveTo(last.to);
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
      // In another order, other images are between the ends of a range.
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
    this.#currentId = stored.current;
    // Positions are those of the last run until they are looked up.
    this.#parts = {
      whole: stored.whole,
      chosen: new Map(stored.chosen.map((id) => [id, null])),
      ranges: stored.ranges,
      except: new Map(stored.except.map((id) => [id, null])),
    };
  }

  #forget(): void {
    this.#parts = nothing();
    this.current = this.#anchor = null;
    this.#currentId = this.#anchorId = null;
    this.#store();
  }

  /** Looks up where the ends of ranges, and what was chosen, are now. */
  async #relocate(): Promise<void> {
    const turn = ++this.#turn;
    const { ranges, chosen, except } = this.#parts;
    const ends = [...ranges.flatMap(({ first, last }) => [first, last]), this.#currentId, this.#anchorId];
    const ids = [...new Set([...ends.filter((id) => id !== null), ...chosen.keys(), ...except.keys()])];
    const found = new Map<ImageId, number | null>();
    for (let start = 0; start < ids.length; start += MAX_LOOKUP) {
      const some = ids.slice(start, start + MAX_LOOKUP);
      // A view that expired meanwhile is followed by another one.
      const positions = await this.#source.view.positions(some).catch(() => null);
      if (positions === null || turn !== this.#turn) return;
      some.forEach((id, index) => found.set(id, positions[index] ?? null));
    }
    if (ids.length > 0) this.#move(found);
  }

  /** What is no longer in the view is no longer selected. What was selected meanwhile stays. */
  #move(found: ReadonlyMap<ImageId, number | null>): void {
    const { whole, chosen, ranges, except } = this.#parts;
    // An edit of ratings moves images into and out of a range of that order.
    const reordered = MUTABLE_ORDERS.has(this.#source.question.settled.sort.by);
    const moved = ranges.flatMap((range): ViewRange[] => {
      if (range.first === null || range.last === null || !found.has(range.first) || !found.has(range.last))
        return [range];
      const from = found.get(range.first) ?? null;
      const to = found.get(range.last) ?? null;
      if (from === null || to === null || to < from) return [];
      return reordered && to - from !== range.to - range.from ? [] : [{ ...range, from, to }];
    });
    const relocate = (images: Parts['chosen']): Parts['chosen'] =>
      new Map(
        [...images].map(([id, at]) => [id, found.get(id) ?? at] as const).filter(([id]) => found.get(id) !== null),
      );
    this.#change({ whole, ranges: unite(moved, join), chosen: relocate(chosen), except: relocate(except) });
    if (this.#currentId !== null) this.#current = found.get(this.#currentId) ?? null;
    if (this.#anchorId !== null) this.#anchor = found.get(this.#anchorId) ?? null;
  }

  #idAt(position: number): ImageId | null {
    return this.#source.view.at(position)?.id ?? null;
  }

  #moveTo(position: number): void {
    this.current = this.#anchor = position;
    this.#anchorId = this.#currentId;
  }

  #addRanges(added: readonly PositionRange[]): void {
    this.#start();
    const { whole, chosen, ranges, except } = this.#parts;
    const few = countPositions(added);
    const expands = few <= MAX_EXPANDED && few + chosen.size <= MAX_CHOSEN;
    const back = new Map(except);
    const more = new Map(chosen);
    const wide: ViewRange[] = [];
    for (const { from, to } of added) {
      const ids = expands ? this.#loadedIds(from, to) : null;
      if (ids === null) wide.push({ from, to, first: this.#idAt(from), last: this.#idAt(to) });
      ids?.forEach((id, index) => {
        const excepted = back.delete(id);
        if (!excepted && !this.#covers(from + index)) more.set(id, from + index);
      });
    }
    const united = unite([...ranges, ...wide], join);
    if (united.length > MAX_RANGES) {
      this.refusal = 'The selection has too many parts. Nothing was added to it. Select a longer range, or all images.';
      return;
    }
    dropWithin(wide, back);
    dropWithin(wide, more);
    this.#change({ whole, ranges: united, chosen: more, except: back });
    if (wide.length > 0) void this.#findEnds().catch(() => undefined);
  }

  /** Whether the whole or a range has the image at a position, which is loaded. */
  #covers(position: number): boolean {
    const { whole, ranges } = this.#parts;
    if (!whole && rangeAt(ranges, position) < 0) return false;
    return (this.#source.view.at(position)?.createdAt ?? 0) <= this.#until;
  }

  #loadedIds(from: number, to: number): ImageId[] | null {
    const ids: ImageId[] = [];
    for (let position = from; position <= to; position += 1) {
      const id = this.#idAt(position);
      if (id === null) return null;
      ids.push(id);
    }
    return ids;
  }

  #takeOut(id: ImageId, position: number): void {
    const { whole, chosen, ranges, except } = this.#parts;
    if (chosen.has(id)) {
      const fewer = new Map(chosen);
      fewer.delete(id);
      this.#change({ ...this.#parts, chosen: fewer });
    } else if (except.size >= MAX_CHOSEN) {
      this.refusal = `Up to ${MAX_CHOSEN.toLocaleString('en')} images can be left out one by one. Nothing was changed.`;
    } else {
      this.#change({ whole, chosen, ranges, except: new Map(except).set(id, position) });
    }
  }

  /** The first step of a selection decides which images are too new for it. */
  #start(): void {
    this.refusal = null;
    if (this.#parts.whole || this.#parts.ranges.length > 0) return;
    this.#until = currentTime();
    this.#madeIn = placeOf(this.#source.question.settled);
  }

  #change(parts: Parts): void {
    this.#parts = parts;
    this.#timer ??= setTimeout(() => this.#store(), STORE_PAUSE);
  }

  /** Ids of the ends of ranges that weren't loaded when they were made. */
  async #findEnds(): Promise<void> {
    const missing = this.#parts.ranges.filter(({ first, last }) => first === null || last === null);
    if (missing.length === 0) return;
    const found = new Map<number, ImageId>();
    for (const { from, to, first, last } of missing) {
      if (first === null) found.set(from, await this.#lookUp(from));
      if (last === null) found.set(to, await this.#lookUp(to));
    }
    const ranges = this.#parts.ranges.map((range) => ({
      ...range,
      first: range.first ?? found.get(range.from) ?? null,
      last: range.last ?? found.get(range.to) ?? null,
    }));
    this.#change({ ...this.#parts, ranges });
  }

  async #lookUp(position: number): Promise<ImageId> {
    const loaded = this.#idAt(position);
    if (loaded !== null) return loaded;
    const { view } = this.#source.view;
    const [image] = view ? await this.#source.studio.views.rows({ viewId: view.id, from: position, count: 1 }) : [];
    if (!image)
      throw new StudioError({
        code: 'not-found',
        message: 'The end of the selection isn’t here any more. Nothing was changed. Select the images again.',
      });
    return image.id;
  }

  #store(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { whole, chosen, ranges, except } = this.#parts;
    const stored: StoredSelection = {
      place: this.#madeIn ?? placeOf(this.#source.question.settled),
      whole,
      wholeCount: this.#wholeCount,
      until: this.#until,
      current: this.#currentId,
      chosen: [...chosen.keys()],
      except: [...except.keys()],
      ranges: ranges.flatMap(({ from, to, first, last }) => (first && last ? [{ from, to, first, last }] : [])),
    };
    storeSelection(this.#source.folder(), stored);
  }
}

function nothing(): Parts {
  return { whole: false, chosen: new Map(), ranges: [], except: new Map() };
}

function join(lower: ViewRange, upper: ViewRange): ViewRange {
  const end = upper.to > lower.to ? upper : lower;
  return { from: lower.from, to: end.to, first: lower.first, last: end.last };
}

/** Takes out of a list what stands in ranges. */
function dropWithin(ranges: readonly ViewRange[], images: Map<ImageId, number | null>): void {
  if (ranges.length === 0) return;
  const sorted = unite(ranges, join);
  for (const [id, at] of images) if (at !== null && rangeAt(sorted, at) >= 0) images.delete(id);
}

/** What has to stay the same for the selection to stay. */
function placeOf({ query, place }: ViewQuestion): string {
  return `${place} ${query}`;
}

function orderOf({ sort, stacking }: ViewQuestion): string {
  return JSON.stringify([sort, stacking]);
}
