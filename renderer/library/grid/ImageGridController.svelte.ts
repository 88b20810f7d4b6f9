import { tick, untrack } from 'svelte';
import { on } from 'svelte/events';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Bucket } from '../../../electron/contract/entities/views.ts';
import type { ImageView } from '../../state/library/image-view.svelte.ts';
import {
  cellRect,
  groupOf,
  nearestInRow,
  middleOf,
  positionAt,
  positionsIn,
  rowAt,
  rowHeight,
  rowOf,
  rowStart,
  rowTop,
  type ContentRect,
  type PositionSpan,
} from './grid-geometry.ts';
import { CellGate, CONTENTS, THUMBNAILS, type GridFrame } from './CellGate.svelte.ts';
import { DrawnRows, type DrawnRow } from './drawn-rows.ts';
import type { GridSelection } from './grid-selection.ts';
import { layoutGrid, type GridGroup, type GridLayout, type GridOptions } from './grid-layout.ts';
import { GridSettings } from './grid-settings.svelte.ts';
import { VirtualScroll } from './VirtualScroll.svelte.ts';
import { WaitingJump } from './WaitingJump.svelte.ts';

const GAP = 4;
const HEADING_HEIGHT = 32;
const GROUP_GAP = 16;
/** Space above the first and below the last row, px. */
export const PADDING = 4;
/** Drawn above and below the view, in heights of the view. */
const OVERSCAN = 0.5;
/** Beyond this many views at once, only the view itself is drawn until the grid rests: its images come sooner, and no frame has too much to do. */
const FAR = 0.6;
/** The grid rests when nothing has moved for this long, ms. */
const REST = 150;
const NO_BUCKETS: readonly Bucket[] = [];
const NO_RATIOS = new Uint16Array();

interface DrawnHeading {
  group: GridGroup;
  index: number;
  top: number;
}

/** The grid's layout, what of it is drawn, where it is scrolled to, and its focus. */
export class ImageGridController {
  readonly view: ImageView;
  readonly selection: GridSelection;
  readonly settings: Pick<GridSettings, 'rowHeight'>;
  readonly scroll = new VirtualScroll();
  /** Which images may be drawn. */
  readonly contents: CellGate;
  /** Which images may load their thumbnail. */
  readonly thumbnails: CellGate;
  /** Jumps to places that only the index knows. */
  readonly jump: WaitingJump;
  /** Of the content, px. */
  width = $state(0);
  viewHeight = $state(0);
  /** Whether a cell has the focus: its row stays drawn. */
  hasFocus = $state(false);
  #density = $state(devicePixelRatio);
  /** It has just moved far. */
  #flying = $state(false);
  #scroller: HTMLElement | null = null;
  /** Its offset as it was last read or set. */
  #scrollTop = 0;
  #dragged = false;
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** @param settings the library view's, remembered, unless others are given */
  constructor(
    view: ImageView,
    selection: GridSelection,
    settings: Pick<GridSettings, 'rowHeight'> = new GridSettings(),
  ) {
    this.view = view;
    this.selection = selection;
    this.settings = settings;
    this.jump = new WaitingJump(view);
    const frame = (): GridFrame => ({
      top: this.scroll.top,
      view: this.viewHeight,
      images: untrack(() => this.#imagesByNearness()),
    });
    this.contents = new CellGate(frame, CONTENTS);
    this.thumbnails = new CellGate(frame, THUMBNAILS);
  }

  readonly options: GridOptions = $derived.by(() => ({
    width: this.width,
    rowHeight: this.settings.rowHeight,
    gap: GAP,
    headingHeight: HEADING_HEIGHT,
    groupGap: GROUP_GAP,
  }));
  readonly layout: GridLayout = $derived.by(() => {
    const grouped = this.view.grouping !== 'none';
    const ratios = this.width > 0 ? (this.view.ratios ?? NO_RATIOS) : NO_RATIOS;
    return layoutGrid(ratios, grouped ? this.view.buckets : NO_BUCKETS, this.options);
  });

  /** Height of the content with its padding, px. */
  readonly height: number = $derived(this.layout.height + 2 * PADDING);
  readonly rowCount: number = $derived(this.layout.rows + this.layout.groups.length);

  /** The position that keys start from. */
  get focusedPosition(): number {
    return Math.min(this.selection.current ?? 0, Math.max(0, this.view.total - 1));
  }

  readonly #overscan: number = $derived(this.#flying ? 0 : this.viewHeight * OVERSCAN);
  readonly #firstRow: number = $derived(this.#rowAtOffset(this.scroll.top - this.#overscan));
  readonly #lastRow: number = $derived(this.#rowAtOffset(this.scroll.top + this.viewHeight + this.#overscan));
  readonly #drawnRows: DrawnRows = $derived.by(
    () => new DrawnRows(this.layout, { shift: this.view.shift, down: PADDING - this.scroll.shift }),
  );

  /** Rows on the screen and near it, and that of the focused cell. */
  readonly rows: DrawnRow[] = $derived.by(() => {
    if (this.layout.rows === 0) return [];
    const rows = this.#drawnRows.between(this.#firstRow, this.#lastRow);
    const focused = this.hasFocus ? rowOf(this.layout, this.focusedPosition) : this.#firstRow;
    if (focused < this.#firstRow || focused > this.#lastRow) rows.push(this.#drawFar(focused));
    return rows;
  });

  /** Images in the drawn rows; null where they aren't loaded. */
  readonly #loaded: (ImageId | null)[] = $derived(
    this.rows.flatMap(({ cells }) => cells.map(({ position }) => this.view.idAt(position))),
  );

  readonly headings: DrawnHeading[] = $derived.by(() => {
    const { groups } = this.layout;
    if (groups.length === 0 || this.layout.rows === 0) return [];
    const headings: DrawnHeading[] = [];
    for (let index = groupOf(this.layout, this.#firstRow); index < groups.length; index += 1) {
      const group = groups[index];
      if (!group || group.row > this.#lastRow) break;
      headings.push({ group, index: group.row + index + 1, top: this.#onPlane(group.top) });
    }
    return headings;
  });

  /** The group at the top of the view. */
  readonly topGroup: GridGroup | undefined = $derived(this.#groupAtTop());

  /** Positions in view, both included; null without images. */
  readonly visible: PositionSpan | null = $derived.by(() => {
    const { layout } = this;
    if (layout.rows === 0) return null;
    const last = this.#rowAtOffset(this.scroll.top + this.viewHeight);
    return { from: rowStart(layout, this.#topRow()), to: rowStart(layout, last + 1) - 1 };
  });

  /** Follows an element with the plane in it, until the returned function is called. */
  attach(scroller: HTMLElement): () => void {
    this.#scroller = scroller;
    this.#scrollTop = 0;
    const stops = [
      on(scroller, 'scroll', () => this.#scrolled(), { passive: true }),
      on(scroller, 'pointerdown', (event) => {
        // On the scrollbar, not on the content.
        this.#dragged = event.target === scroller && event.offsetX >= scroller.clientWidth;
        this.jump.cancel();
      }),
      on(window, 'pointerup', () => (this.#dragged = false)),
      on(window, 'pointermove', (event) => {
        if (event.buttons === 0) this.#dragged = false;
      }),
      on(
        scroller,
        'wheel',
        () => {
          this.#dragged = false;
          this.jump.cancel();
        },
        { passive: true },
      ),
      on(window, 'resize', () => (this.#density = devicePixelRatio)),
      $effect.root(() => this.#follow()),
    ];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#rest);
      this.#flying = false;
      this.jump.cancel();
      this.contents.stop();
      this.thumbnails.stop();
      this.#scroller = null;
    };
  }

  /** Scrolls an image into view, and focuses it. */
  async reveal(position: number, focus = false): Promise<void> {
    if (this.layout.rows === 0) return;
    const at = Math.min(Math.max(0, position), this.view.total - 1);
    const { top, bottom } = cellRect(this.layout, at);
    const above = groupOf(this.layout, rowOf(this.layout, at)) >= 0 ? HEADING_HEIGHT : 0;
    if (top - above + PADDING < this.scroll.top) this.scrollTo(top - above + PADDING - GAP);
    else if (bottom + PADDING > this.scroll.top + this.viewHeight)
      this.scrollTo(bottom + 2 * PADDING + GAP - this.viewHeight);
    if (focus) await this.focus(at);
  }

  /** Focuses an image's cell where it is. */
  async focus(position: number): Promise<void> {
    this.selection.current = position;
    this.hasFocus = true;
    await tick();
    this.#scroller?.querySelector<HTMLElement>(`[data-position="${position}"]`)?.focus({ preventScroll: true });
  }

  /** Focuses an image's cell wherever it is now, after the one that had the focus was taken away. Until that is known, the grid keeps the keys. */
  async refocus(id: ImageId): Promise<void> {
    const plane = this.#plane;
    if (!(plane instanceof HTMLElement)) return;
    plane.focus({ preventScroll: true });
    // A view that expired meanwhile is followed by another one.
    const [position] = await this.view.positions([id]).catch(() => []);
    if (document.activeElement === plane) await this.focus(position ?? this.focusedPosition);
  }

  /** Scrolls so that an image's group, or its row, begins at the top of the view. */
  showAtTop(position: number): void {
    const row = rowOf(this.layout, position);
    const group = this.layout.groups[groupOf(this.layout, row)];
    this.scrollTo(group?.first === position ? group.top : rowTop(this.layout, row));
  }

  /** Scrolls to an offset of the content, px. */
  scrollTo(top: number): void {
    const before = this.scroll.top;
    this.#set(this.scroll.jump(top));
    this.#moved(before);
  }

  /** Scrolls by real pixels: for dragging beyond an edge. */
  scrollBy(pixels: number): void {
    this.scrollTo(this.scroll.top + pixels);
  }

  /** A point of the window in the content, px. */
  toContent(clientX: number, clientY: number): { x: number; y: number } {
    const box = this.#plane?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    return { x: clientX - box.left, y: clientY - box.top + this.scroll.shift - PADDING };
  }

  /** A rectangle of the content in the window, px. */
  toClient({ left, top, right, bottom }: ContentRect): DOMRect {
    const box = this.#plane?.getBoundingClientRect();
    const down = (box?.top ?? 0) + PADDING - this.scroll.shift;
    return new DOMRect((box?.left ?? 0) + left, top + down, right - left, bottom - top);
  }

  /** The image at a point of the window; null for none. */
  cellAt(clientX: number, clientY: number): number | null {
    const { x, y } = this.toContent(clientX, clientY);
    return positionAt(this.layout, x, y);
  }

  /** The images that a rectangle of the content touches. */
  positionsIn(rect: ContentRect): PositionSpan[] {
    return positionsIn(this.layout, rect);
  }

  /** The image beside, above or below another one. Up and down keep the horizontal place, `x`. */
  neighbour(position: number, rows: number, x = middleOf(this.layout, position)): number {
    const row = rowOf(this.layout, position) + rows;
    if (row < 0) return 0;
    return row >= this.layout.rows ? this.view.total - 1 : nearestInRow(this.layout, row, x);
  }

  /** The image one view further up (-1) or down (1) in the same column. */
  page(position: number, direction: -1 | 1, x = middleOf(this.layout, position)): number {
    const y = rowTop(this.layout, rowOf(this.layout, position)) + direction * this.viewHeight * 0.9;
    const row = rowAt(this.layout, Math.max(0, y));
    const moved = row === rowOf(this.layout, position) ? row + direction : row;
    return this.neighbour(position, moved - rowOf(this.layout, position), x);
  }

  middleOf(position: number): number {
    return middleOf(this.layout, position);
  }

  get #plane(): Element | null {
    return this.#scroller?.firstElementChild ?? null;
  }

  #follow(): void {
    // A new layout, or the same images elsewhere: what is looked at stays where it is.
    whenChanged(
      () => [this.layout, this.viewHeight, this.#density, this.view.view, this.view.shift],
      () => this.#restore(),
    );
    whenChanged(
      () => [this.visible, this.view.view],
      () => {
        if (this.visible) this.view.need(this.visible.from, this.visible.to - this.visible.from + 1);
      },
    );
    // Rows that weren't loaded when the grid got there have their ids now.
    whenChanged(
      () => this.view.at(rowStart(this.layout, this.#topRow())),
      () => this.#tellAnchor(),
    );
    whenChanged(
      () => [this.scroll.top, this.#loaded],
      () => {
        this.contents.wake();
        this.thumbnails.wake();
      },
    );
    // After the rows are laid out again.
    $effect(() => this.jump.follow());
  }

  #restore(): void {
    const { anchor } = this.view;
    this.scroll.resize(this.height, this.viewHeight, this.#density);
    if (this.layout.rows === 0) return;
    const row = anchor ? rowOf(this.layout, anchor.position) : 0;
    const offset = anchor ? Math.min(anchor.offset, rowHeight(this.layout, row)) : 0;
    const top = anchor ? rowTop(this.layout, row) + PADDING + offset : 0;
    this.#set(this.scroll.jump(top));
  }

  #set(scrollTop: number): void {
    const plane = this.#plane;
    if (!this.#scroller || !(plane instanceof HTMLElement)) return;
    // The plane's height is drawn later; without it, the browser would limit the offset.
    plane.style.height = `${this.scroll.plane}px`;
    // Reading or writing it where it is already would lay out the whole page in the middle of the frame that builds the grid.
    if (scrollTop === 0 && this.#scrollTop === 0) return;
    if (this.#scroller.scrollTop !== scrollTop) this.#scroller.scrollTop = scrollTop;
    this.#scrollTop = scrollTop;
  }

  #scrolled(): void {
    if (!this.#scroller) return;
    const before = this.scroll.top;
    this.#scrollTop = this.#scroller.scrollTop;
    this.scroll.follow(this.#scrollTop, this.#dragged);
    this.#moved(before);
  }

  #settle(): void {
    // A busy page hears of a scroll late: what is under way already must not be overwritten.
    if (this.#scroller && Math.abs(this.#scroller.scrollTop - this.#scrollTop) >= 1) {
      this.#scrolled();
      return;
    }
    this.#flying = false;
    if (this.#dragged) return;
    const scrollTop = this.scroll.settle();
    if (scrollTop !== null) this.#set(scrollTop);
  }

  /** After scrolling, from an offset. */
  #moved(before: number): void {
    if (Math.abs(this.scroll.top - before) > this.viewHeight * FAR) this.#flying = true;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#settle(), REST);
    this.#tellAnchor();
  }

  /** Tells the view what is looked at. */
  #tellAnchor(): void {
    if (this.layout.rows === 0 || this.view.ratios === null) return;
    if (this.scroll.top <= 0) {
      if (this.view.anchor !== null) this.view.anchor = null;
      return;
    }
    const row = this.#topRow();
    const position = rowStart(this.layout, row);
    const imageId = this.view.at(position)?.id ?? null;
    const offset = this.scroll.top - PADDING - rowTop(this.layout, row);
    const { anchor } = this.view;
    if (anchor?.position === position && anchor.offset === offset && anchor.imageId === imageId) return;
    this.view.anchor = { imageId, position, offset };
  }

  /** The first row that isn't above the view. */
  #topRow(): number {
    const row = this.#rowAtOffset(this.scroll.top);
    const bottom = rowTop(this.layout, row) + rowHeight(this.layout, row) + PADDING;
    return bottom > this.scroll.top || row + 1 >= this.layout.rows ? row : row + 1;
  }

  #groupAtTop(): GridGroup | undefined {
    return this.layout.groups[groupOf(this.layout, this.#topRow())];
  }

  #rowAtOffset(offset: number): number {
    return Math.min(rowAt(this.layout, offset - PADDING), Math.max(0, this.layout.rows - 1));
  }

  #onPlane(top: number): number {
    return top + PADDING - this.scroll.shift;
  }

  /** A row that is drawn for its focus only, outside the view but on the plane. */
  #drawFar(row: number): DrawnRow {
    const drawn = this.#drawnRows.at(row);
    const above = drawn.top < this.scroll.top - this.scroll.shift;
    const far = 3 * this.viewHeight;
    const near = this.scroll.top - this.scroll.shift + (above ? -far : far);
    return { ...drawn, top: Math.min(this.scroll.plane - drawn.height, Math.max(0, near)) };
  }

  /** Images of the drawn cells that are loaded, those in view first. */
  #imagesByNearness(): ImageId[] {
    const middle = this.scroll.top - this.scroll.shift + this.viewHeight / 2;
    const distance = ({ top, height }: DrawnRow): number => Math.abs(top + height / 2 - middle);
    return [...this.rows]
      .sort((a, b) => distance(a) - distance(b))
      .flatMap(({ cells }) => cells.map(({ position }) => this.view.idAt(position)))
      .filter((id) => id !== null);
  }
}

/** Runs an act now and whenever what is read has changed. The act itself isn't followed. */
function whenChanged(read: () => unknown, act: () => void): void {
  $effect(() => {
    read();
    untrack(act);
  });
}
