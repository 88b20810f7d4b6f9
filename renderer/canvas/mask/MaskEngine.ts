import { rectOf, unionRect, type Rect, type Size } from '../../stage/geometry.ts';
import { applyMaskOperation, invert } from './operations/apply-mask-operation.ts';
import { MaskHistory, type Before } from './MaskHistory.ts';
import type { MaskOperation } from './operations/mask-operation.ts';
import { MarkedPixelCounter } from './MarkedPixelCounter.ts';
import { drawStroke, PLACE, type Brush } from './operations/stroke.ts';
import { tileRect, TouchedTiles, unpackTiles, writeTile } from './pixels/tiles.ts';

export type { Brush } from './operations/stroke.ts';

/** A stroke that is being drawn. After its end, or when something else is done to the mask, its calls change nothing more. */
export interface LiveStroke {
  /** Adds places (x, y and pressure of each in turn); gives the part that changed. */
  extend(points: readonly number[]): Rect;
  /** The deed to commit. The mask holds it already: `become` with it at the end draws nothing anew. */
  finish(): MaskOperation;
  /** Takes it back, unless it was committed; gives the part that changed. */
  cancel(): Rect;
}

/** A stroke that the mask holds and its deeds do not yet. */
interface Held {
  touched: TouchedTiles;
  op: MaskOperation | null;
}

const EMPTY_RECT: Rect = { left: 0, top: 0, width: 0, height: 0 };
/** Places are kept to a sixteenth of a pixel, pressure to a 256th: shorter to write, and nobody sees it. */
const PLACE_GRAIN = 16;
const PRESSURE_GRAIN = 256;
/** A place that is nearer to the last one than this on both axes, with the same pressure, adds nothing that can be seen. */
const MIN_MOVE = 0.25;
const MIN_PRESSURE_CHANGE = 1 / 32;

/**
 * The mask of one image: how much of each pixel is marked (0 to 255; from 128 on it goes out as "edit here"), made of the deeds on it.
 * With each deed it keeps the tiles that the deed changed, as they were before: one step back costs what the step had cost, however many
 * there were.
 */
export class MaskEngine {
  readonly size: Size;
  /** One byte a pixel, row by row. Never written by others. */
  readonly coverage: Uint8Array<ArrayBuffer>;
  #ops: MaskOperation[] = [];
  readonly #history: MaskHistory;
  readonly #tally: MarkedPixelCounter;
  #held: Held | null = null;

  /** @param keptBytes how much the ways back may take */
  constructor(size: Size, keptBytes?: number) {
    this.size = size;
    this.coverage = new Uint8Array(size.width * size.height);
    this.#history = new MaskHistory(size, keptBytes);
    this.#tally = new MarkedPixelCounter(this);
  }

  /** How many pixels are marked. */
  get marked(): number {
    return this.#tally.total;
  }

  /** What the ways back take, in bytes. */
  get historyBytes(): number {
    return this.#history.bytes;
  }

  /**
   * Brings the mask to what these deeds make, from the nearest state that is kept. Deeds are known by identity: those that are the same
   * objects as before are not done again. A stroke that is still being drawn is taken back.
   * @returns the part that may have changed since the last call, a live stroke's included
   * @throws StudioError `bad-payload` for a region that is not this image's; the deeds before it are done
   */
  become(ops: readonly MaskOperation[]): Rect {
    const stroke = this.#takeStroke(ops);
    const back = this.#goBack(ops, this.#commonWith(ops));
    return unionRect(unionRect(stroke, back), this.#goOn(ops));
  }

  /** Starts a stroke. Another one that was not committed is taken back. */
  begin(brush: Brush): LiveStroke {
    this.#dropStroke();
    const held: Held = { touched: new TouchedTiles(this), op: null };
    this.#held = held;
    const points: number[] = [];
    return {
      extend: (more) => {
        if (this.#held !== held || held.op) return EMPTY_RECT;
        const since = points.length / PLACE;
        addPlaces(points, more);
        return drawStroke(this, brush, points, (part) => this.#touch(held.touched, part), since);
      },
      finish: () => {
        held.op ??= { kind: 'stroke', ...brush, points };
        return held.op;
      },
      cancel: () => (this.#held === held ? this.#dropStroke() : EMPTY_RECT),
    };
  }

  #touch(touched: TouchedTiles | null, part: Rect): void {
    touched?.keep(part);
    this.#tally.touch(part);
  }

  /** Makes a finished stroke a deed like the others where it is the next one; otherwise takes it back. */
  #takeStroke(ops: readonly MaskOperation[]): Rect {
    const held = this.#held;
    if (!held) return EMPTY_RECT;
    const at = this.#ops.length;
    if (!held.op || ops[at] !== held.op || this.#commonWith(ops) !== at) return this.#dropStroke();
    this.#held = null;
    const { before, part } = held.touched.pack();
    this.#history.push(at, before);
    this.#ops.push(held.op);
    return part;
  }

  #dropStroke(): Rect {
    const part = this.#held?.touched.restore() ?? EMPTY_RECT;
    this.#held = null;
    this.#tally.touch(part);
    return part;
  }

  /** How many deeds from the first on are the same. */
  #commonWith(ops: readonly MaskOperation[]): number {
    const differs = this.#ops.findIndex((op, at) => op !== ops[at]);
    return differs === -1 ? this.#ops.length : differs;
  }

  /** To the state of so many deeds, or to one that lies before it. */
  #goBack(ops: readonly MaskOperation[], to: number): Rect {
    let part = EMPTY_RECT;
    while (this.#ops.length > to) {
      const way = this.#history.pop();
      if (!way?.before) return this.#resetTo(ops, lastReset(ops, to));
      part = unionRect(part, this.#undo(way.before));
      this.#ops.length = way.to;
    }
    return part;
  }

  #undo(before: Before): Rect {
    let part = EMPTY_RECT;
    if (before === 'invert') {
      invert(this);
      part = rectOf(this.size);
    } else {
      for (const [tile, bytes] of unpackTiles(this.size, before)) {
        writeTile(this, tile, bytes);
        part = unionRect(part, tileRect(this.size, tile));
      }
    }
    this.#tally.touch(part);
    return part;
  }

  /** Does what is missing; what lies before the last deed that fills or clears everything leaves no trace and is left out. */
  #goOn(ops: readonly MaskOperation[]): Rect {
    const reset = lastReset(ops, ops.length);
    let part = reset > this.#ops.length ? this.#resetTo(ops, reset) : EMPTY_RECT;
    for (const op of ops.slice(this.#ops.length)) part = unionRect(part, this.#do(op));
    return part;
  }

  #do(op: MaskOperation): Rect {
    const at = this.#ops.length;
    const touched = op.kind === 'invert' ? null : new TouchedTiles(this);
    applyMaskOperation(this, op, (part) => this.#touch(touched, part));
    const { before, part } = touched?.pack() ?? { before: 'invert' as const, part: rectOf(this.size) };
    this.#history.push(at, before);
    this.#ops.push(op);
    return part;
  }

  /** Puts the mask into the state after a deed that fills or clears everything; -1: into its first one. Nothing leads back from there. */
  #resetTo(ops: readonly MaskOperation[], reset: number): Rect {
    this.coverage.fill(ops[reset]?.kind === 'fill' ? 255 : 0);
    this.#history.clear();
    if (reset >= 0) this.#history.push(0, null);
    this.#ops = ops.slice(0, reset + 1);
    const whole = rectOf(this.size);
    this.#tally.touch(whole);
    return whole;
  }
}

/** The last deed before `end` that decides every pixel; -1 where there is none. */
function lastReset(ops: readonly MaskOperation[], end: number): number {
  return ops.slice(0, end).findLastIndex(({ kind }) => kind === 'fill' || kind === 'clear');
}

function addPlaces(points: number[], more: readonly number[]): void {
  for (let at = 0; at + PLACE <= more.length; at += PLACE) {
    const x = Math.round((more[at] ?? 0) * PLACE_GRAIN) / PLACE_GRAIN;
    const y = Math.round((more[at + 1] ?? 0) * PLACE_GRAIN) / PLACE_GRAIN;
    const pressure = Math.round((more[at + 2] ?? 1) * PRESSURE_GRAIN) / PRESSURE_GRAIN;
    const last = points.length - PLACE;
    const isSame =
      last >= 0 &&
      Math.abs(x - (points[last] ?? 0)) < MIN_MOVE &&
      Math.abs(y - (points[last + 1] ?? 0)) < MIN_MOVE &&
      Math.abs(pressure - (points[last + 2] ?? 0)) < MIN_PRESSURE_CHANGE;
    if (!isSame) points.push(x, y, pressure);
  }
}
