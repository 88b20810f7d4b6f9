import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import { isEmptyRect, rectOf, unionRect, type Rect, type Size } from '../../stage/geometry.ts';
import type { MaskOperation } from '../mask/operations/mask-operation.ts';
import { MaskEngine } from '../mask/MaskEngine.ts';
import type { Mark } from './mark.ts';
import type { Step } from './step.ts';

/** Called when the document changes. */
export interface DocumentListener {
  /** Steps from index `from` on are new. */
  onsteps(from: number): void;
}

/** The history of an image as it was stored. */
export interface History {
  steps: readonly Step[];
  /** How many steps are in effect; the others are undone. */
  at: number;
  /** How many stored steps, after those in `steps`, could not be read. */
  unreadable: number;
}

/** How many steps are replayed before the clock is read. */
const STEPS_PER_SLICE = 4;
/** How long replaying may block the page at a time, ms. */
const SLICE_MS = 12;

/**
 * One image on the stage with everything drawn on it: mask, marks and frame, as a history of steps and a position in it. Undo and redo move
 * the position; a step after an undo drops the undone ones.
 *
 * A document with unreadable steps is read-only: a new step would replace them in the library.
 */
export class CanvasDocument {
  readonly image: InputImage;
  readonly size: Size;
  readonly mask: MaskEngine;
  /** Counts changes of the mask: the bytes themselves are not reactive. */
  maskVersion = $state(0);
  marks = $state.raw<readonly Mark[]>([]);
  /** The frame of crop and outpaint; null: the image's own edges. */
  frame = $state.raw<Rect | null>(null);
  steps = $state.raw<readonly Step[]>([]);
  /** How many of the steps are in effect. */
  at = $state(0);
  /** How many stored steps could not be read or replayed. */
  unreadable = $state(0);
  readonly #listener: DocumentListener;
  #changed: Rect = { left: 0, top: 0, width: 0, height: 0 };

  /** Opens a stored history. Replays a few steps at a time, and stops before one that cannot be replayed. */
  static async open(
    image: InputImage,
    listener: DocumentListener,
    { steps, at, unreadable }: History,
  ): Promise<CanvasDocument> {
    const document = new CanvasDocument(image, listener, steps, 0);
    document.unreadable = unreadable;
    const to = Math.min(at, steps.length);
    for (let since = performance.now(); document.at < to;) {
      if (!document.#advance(Math.min(to, document.at + STEPS_PER_SLICE))) break;
      if (performance.now() - since < SLICE_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
    return document;
  }

  constructor(image: InputImage, listener: DocumentListener, steps: readonly Step[] = [], at = steps.length) {
    this.image = image;
    this.size = { width: image.width, height: image.height };
    this.mask = new MaskEngine(this.size);
    this.#listener = listener;
    this.steps = steps;
    this.#goTo(Math.min(Math.max(0, at), steps.length));
  }

  readonly isReadOnly = $derived(this.unreadable > 0);
  /** The name of the step that undo takes back; null where there is none. */
  readonly undoName = $derived(this.isReadOnly ? null : (this.steps[this.at - 1]?.name ?? null));
  readonly redoName = $derived(this.isReadOnly ? null : (this.steps[this.at]?.name ?? null));

  /**
   * Adds a step. The mask holds the pixels of a live stroke already.
   * @throws Error where the document is read-only
   */
  commit(step: Step): void {
    if (this.isReadOnly) throw new Error('A read-only document cannot be changed.');
    const from = this.at;
    this.steps = [...this.steps.slice(0, from), step];
    this.#goTo(from + 1);
    this.#listener.onsteps(from);
  }

  undo(): void {
    if (this.at > 0 && !this.isReadOnly) this.#goTo(this.at - 1);
  }

  redo(): void {
    if (this.at < this.steps.length && !this.isReadOnly) this.#advance(this.at + 1);
  }

  /** The frame, or the image's own edges where none is set. */
  get effectiveFrame(): Rect {
    return this.frame ?? rectOf(this.size);
  }

  /** Returns the part of the mask that changed since the last call, for the overlay. */
  takeChangedPart(): Rect {
    const part = this.#changed;
    this.#changed = { left: 0, top: 0, width: 0, height: 0 };
    return part;
  }

  /** Replays steps up to `at`. False: one of them fails; it and those after it count as unreadable. */
  #advance(at: number): boolean {
    const from = this.at;
    try {
      this.#goTo(at);
      return true;
    } catch {
      this.#goTo(from);
    }
    if (at > from + 1) return this.#advance(from + 1) && this.#advance(at);
    this.unreadable += this.steps.length - from;
    this.steps = this.steps.slice(0, from);
    return false;
  }

  #goTo(at: number): void {
    const effective = this.steps.slice(0, at);
    this.at = at;
    this.marks = effective.reduce<readonly Mark[]>(
      (marks, step) => (step.layer === 'markup' ? step.changes.reduce(changeMark, marks) : marks),
      [],
    );
    const frame = effective.findLast((step) => step.layer === 'frame');
    this.frame = frame?.layer === 'frame' ? frame.after : null;
    const part = this.mask.become(opsOf(effective));
    if (isEmptyRect(part)) return;
    this.#changed = unionRect(this.#changed, part);
    this.maskVersion += 1;
  }
}

function opsOf(steps: readonly Step[]): MaskOperation[] {
  return steps.flatMap((step) => (step.layer === 'mask' ? [step.op] : []));
}

/** A changed mark keeps its place in the order; a new one goes on top. */
function changeMark(marks: readonly Mark[], { before, after }: { before: Mark | null; after: Mark | null }): Mark[] {
  const place = before === null ? -1 : marks.findIndex(({ id }) => id === before.id);
  if (place === -1) return after === null ? [...marks] : [...marks, after];
  return after === null ? marks.toSpliced(place, 1) : marks.with(place, after);
}
