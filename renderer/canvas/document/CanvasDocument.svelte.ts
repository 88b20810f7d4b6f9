import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import { isEmptyRect, rectOf, unionRect, type Rect, type Size } from '../../stage/geometry.ts';
import type { MaskOperation } from '../mask/operations/mask-operation.ts';
import { MaskEngine } from '../mask/MaskEngine.ts';
import type { Mark } from './mark.ts';
import type { Step } from './step.ts';

/** What the document tells of. */
export interface DocumentListener {
  /** Steps from `from` on are new; those before it are as they were. */
  onsteps(from: number): void;
}

/** So many steps are done before others may have their turn, and for so long, in milliseconds. */
const STEPS_PER_SLICE = 4;
const SLICE_MS = 12;

/**
 * One image on the stage with all that was drawn on it: mask, marks and frame, as a history of steps with a place in it. Undo and redo
 * move the place; a commit after an undo drops what lay ahead.
 */
export class CanvasDocument {
  readonly image: InputImage;
  readonly size: Size;
  readonly mask: MaskEngine;
  /** Counts changes of the mask, so that what reads its bytes can be told. */
  maskVersion = $state(0);
  marks = $state.raw<readonly Mark[]>([]);
  /** The frame of crop and outpaint; null: the image's own edges. */
  frame = $state.raw<Rect | null>(null);
  steps = $state.raw<readonly Step[]>([]);
  /** How many of the steps are in effect. */
  at = $state(0);
  readonly #watch: DocumentListener;
  #changed: Rect = { left: 0, top: 0, width: 0, height: 0 };

  /**
   * As `new`, but the steps are done a few at a time, so that a long history does not hold the page up, and a history with a step that
   * cannot be done ends before it.
   */
  static async open(
    image: InputImage,
    watch: DocumentListener,
    steps: readonly Step[],
    at: number,
  ): Promise<CanvasDocument> {
    const document = new CanvasDocument(image, watch, steps, 0);
    const to = Math.min(at, steps.length);
    for (let since = performance.now(); document.at < to;) {
      if (!document.#reach(Math.min(to, document.at + STEPS_PER_SLICE))) break;
      if (performance.now() - since < SLICE_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
    return document;
  }

  constructor(image: InputImage, watch: DocumentListener, steps: readonly Step[] = [], at = steps.length) {
    this.image = image;
    this.size = { width: image.width, height: image.height };
    this.mask = new MaskEngine(this.size);
    this.#watch = watch;
    this.steps = steps;
    this.#goTo(Math.min(Math.max(0, at), steps.length));
  }

  /** Of the last step that is in effect; null where there is none. */
  readonly undoName = $derived(this.steps[this.at - 1]?.name ?? null);
  readonly redoName = $derived(this.steps[this.at]?.name ?? null);

  /** Does a step. A live stroke that is committed is in the mask already. */
  commit(step: Step): void {
    const from = this.at;
    this.steps = [...this.steps.slice(0, from), step];
    this.#goTo(from + 1);
    this.#watch.onsteps(from);
  }

  undo(): void {
    if (this.at > 0) this.#goTo(this.at - 1);
  }

  redo(): void {
    if (this.at < this.steps.length) this.#reach(this.at + 1);
  }

  /** The frame as it stands. */
  get effectiveFrame(): Rect {
    return this.frame ?? rectOf(this.size);
  }

  /** The part of the mask that has changed since the last call: for the one who draws it. */
  takeChangedPart(): Rect {
    const part = this.#changed;
    this.#changed = { left: 0, top: 0, width: 0, height: 0 };
    return part;
  }

  /** Goes on to a place. False: a step on the way cannot be done; what comes after it would not mean what it meant. */
  #reach(at: number): boolean {
    const from = this.at;
    try {
      this.#goTo(at);
      return true;
    } catch {
      this.#goTo(from);
    }
    if (at > from + 1) return this.#reach(from + 1) && this.#reach(at);
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

/** A mark keeps its place in the order when it changes; a new one lies on top. */
function changeMark(marks: readonly Mark[], { before, after }: { before: Mark | null; after: Mark | null }): Mark[] {
  const place = before === null ? -1 : marks.findIndex(({ id }) => id === before.id);
  if (place === -1) return after === null ? [...marks] : [...marks, after];
  return after === null ? marks.toSpliced(place, 1) : marks.with(place, after);
}
