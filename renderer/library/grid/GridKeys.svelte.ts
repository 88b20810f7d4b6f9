import { isModKey } from '../../shared/keyboard/shortcut.ts';
import { keysOf } from '../../shared/keyboard/shortcut-keys.ts';
import { dateKey, positionOfDate } from './date-jump.ts';
import type { ImageGridController } from './ImageGridController.svelte.ts';

/** What is typed stays shown this long after its last key, ms. A key pressed after that isn't part of it. */
const TYPING_PAUSE = 1500;

/** The grid's own keys: moving the focus, selecting, opening, and typing a date. */
export class GridKeys {
  /** The date being typed, as it is shown; null for none. */
  typed = $state<string | null>(null);
  readonly #grid: ImageGridController;
  readonly #onopen: (position: number) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What was typed last, and until when keys were part of it: `Event.timeStamp`. */
  #text = '';
  #until = -Infinity;
  /** Where it has led to: the beginning of a bucket's key. */
  #date: string | null = null;
  /** Horizontal place that up and down keep; null after any other movement. */
  #column: { x: number; position: number } | null = null;

  constructor(grid: ImageGridController, { onopen }: { onopen: (position: number) => void }) {
    this.#grid = grid;
    this.#onopen = onopen;
  }

  /**
   * Whether a key is part of the date being typed. What counts is when it was pressed, not when a busy page gets to it: the date may have
   * disappeared in between.
   */
  isTyping({ timeStamp }: KeyboardEvent): boolean {
    return timeStamp <= this.#until;
  }

  /** Handles a key, and prevents its default then. */
  press(event: KeyboardEvent): void {
    if (event.altKey || this.#grid.view.total === 0) return;
    const key = keysOf(event)[0] ?? '';
    const at = this.#grid.focusedPosition;
    const to = this.#target(key, at);
    if (key === 'End') this.#grid.jump.take(() => this.#go(this.#grid.view.total - 1, event));
    else if (to !== null) this.#go(to, event);
    else if (!this.#act(key, at, event)) return;
    event.preventDefault();
  }

  #act(key: string, at: number, event: KeyboardEvent): boolean {
    const { selection } = this.#grid;
    const typing = this.isTyping(event);
    if ((key === 'Enter' || key === ' ') && this.#grid.jump.isWaiting) return true;
    if (key === 'Enter' && !isModKey(event) && !typing) this.#onopen(at);
    else if (key === ' ' && isModKey(event)) selection.toggle(at);
    else if (key === ' ' && !typing) this.#onopen(at);
    else if (key === 'a' && isModKey(event)) selection.all();
    else if ((key === 'Escape' || key === 'Enter') && typing) this.#end();
    else if (key === 'Escape' && this.#grid.jump.isWaiting) this.#grid.jump.cancel();
    else if (key === 'Escape' && selection.count > 0) selection.clear();
    else return this.#type(key, event);
    return true;
  }

  #go(to: number, event: KeyboardEvent): void {
    const { selection } = this.#grid;
    this.#end();
    if (event.shiftKey) selection.extendTo(to, event.ctrlKey || event.metaKey);
    void this.#grid.reveal(to, true);
  }

  #target(key: string, at: number): number | null {
    const grid = this.#grid;
    const last = grid.view.total - 1;
    switch (key) {
      case 'ArrowLeft':
        return Math.max(0, at - 1);
      case 'ArrowRight':
        return Math.min(last, at + 1);
      case 'ArrowUp':
        return this.#keep(at, (x) => (at === 0 ? 0 : grid.neighbour(at, -1, x)));
      case 'ArrowDown':
        return this.#keep(at, (x) => grid.neighbour(at, 1, x));
      case 'PageUp':
        return this.#keep(at, (x) => grid.page(at, -1, x));
      case 'PageDown':
        return this.#keep(at, (x) => grid.page(at, 1, x));
      case 'Home':
        return 0;
      default:
        return null;
    }
  }

  /** Moves to another row, and remembers the column that it started from. */
  #keep(at: number, move: (x: number) => number): number {
    const x = this.#column?.position === at ? this.#column.x : this.#grid.middleOf(at);
    const position = move(x);
    this.#column = { x, position };
    return position;
  }

  /** A date begins with the first letter of a month, or with J for "jump": digits alone are ratings. */
  #type(key: string, event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || key.length !== 1 || this.#grid.view.buckets.length === 0) return false;
    const typing = this.isTyping(event);
    if (!(typing ? /[a-z0-9 ./-]/u : /[adjmnos]/u).test(key)) return false;
    if (!typing) this.#end();
    this.#text += key;
    this.#until = Infinity;
    this.typed = this.#text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hide(), TYPING_PAUSE);
    const typed = this.#text;
    this.#grid.jump.take(() => this.#jump(typed));
    return true;
  }

  #jump(typed: string): void {
    const { buckets } = this.#grid.view;
    const years = [...new Set(buckets.map(({ key }) => key.slice(0, 4)))].sort().reverse();
    const date = dateKey(typed, years);
    // Most keys only complete the date that was meant already.
    if (date === this.#date) return;
    this.#date = date;
    const position = date === null ? null : positionOfDate(buckets, date);
    if (position === null) return;
    this.#grid.showAtTop(position);
    void this.#grid.focus(position);
  }

  #hide(): void {
    this.#until = performance.now();
    this.typed = null;
  }

  #end(): void {
    this.#grid.jump.cancel();
    clearTimeout(this.#timer);
    this.#text = '';
    this.#until = -Infinity;
    this.#date = null;
    this.typed = null;
  }
}
