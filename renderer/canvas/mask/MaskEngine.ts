import { rectOf, unionRect, type Rect, type Size } from '../../stage/geometry.ts';
import { applyMaskOperation, invert } from './operations/apply-mask-operation.ts';
import { MaskHistory, type Before } from './MaskHistory.ts';
import type { MaskOperation } from './operations/mask-operation.ts';
import { MarkedPixelCounter } from './MarkedPixelCounter.ts';
import { drawStroke, PLACE, type Brush } from './operations/stroke.ts';
import { tileRect, TouchedTiles, unpackTiles, writeTile } from './pixels/tiles.ts';

export type { Brush } from './operations/stroke.ts';

/** A stroke during drawing. After it ends, or another operation, its methods have no effect. */
export interface LiveStroke {
  /** Adds points (x, y and pressure in turn); returns the changed part. */
  extend(points: readonly number[]): Rect;
  /** The operation to commit. The mask has its pixels already: `become` with it at the end draws nothing. */
  finish(): MaskOperation;
  /** Reverts the stroke unless it was committed; returns the changed part. */
  cancel(): Rect;
}

/** A stroke that is drawn but not committed. */
interface Held {
  touched: TouchedTiles;
  op: MaskOperation | null;
}

const EMPTY_RECT: Rect = { left: 0, top: 0, width: 0, height: 0 };
/** Points are rounded to 1/16 pixel, pressure to 1/256: smaller to store, not visible. */
const PLACE_GRAIN = 16;
const PRESSURE_GRAIN = 256;
/** Points nearer than this to the last one on both axes, with the same pressure, are dropped. */
const MIN_MOVE = 0.25;
const MIN_PRESSURE_CHANGE = 1 / 32;

/**
 * The mask of one image: how much of each pixel is marked (0 to 255; from 128 on it is sent as "edit here"), as the result of operations. For
 * each operation it keeps the changed tiles as they were before, so that undo costs as much as the operation did.
 */
export class MaskEngine {
  readonly size: Size;
  /** One byte per pixel, row by row. Read-only for others. */
  readonly coverage: Uint8Array<ArrayBuffer>;
  #ops: MaskOperation[] = [];
  readonly #history: MaskHistory;
  readonly #tally: MarkedPixelCounter;
  #held: Held | null = null;

  /** @param keptBytes limit of the undo data, bytes */
  constructor(size: Size, keptBytes?: number) {
    this.size = size;
    this.coverage = new Uint8Array(size.width * size.height);
    this.#history = new MaskHistory(size, keptBytes);
    this.#tally = new MarkedPixelCounter(this);
  }

  /** Number of marked pixels. */
  get marked(): number {
    return this.#tally.total;
  }

  /** Size of the undo data, bytes. */
  get historyBytes(): number {
    return this.#history.bytes;
  }

  /**
   * Brings the mask to the result of these operations, from the nearest state that is kept. Operations are compared by identity; common ones
   * are not replayed. A stroke being drawn is reverted.
   * @returns the part that may have changed since the last call, including a live stroke's
   * @throws StudioError `bad-payload` for a region of another image size; the operations before it are applied
   */
  become(ops: readonly MaskOperation[]): Rect {
    const stroke = this.#takeStroke(ops);
    const back = this.#goBack(ops, this.#commonWith(ops));
    return unionRect(unionRect(stroke, back), this.#goOn(ops));
  }

  /** Starts a stroke. An uncommitted one is reverted. */
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

  /** Takes over a finished stroke if it is the next operation; otherwise reverts it. */
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

  /** Length of the common prefix of operations. */
  #commonWith(ops: readonly MaskOperation[]): number {
    const differs = this.#ops.findIndex((op, at) => op !== ops[at]);
    return differs === -1 ? this.#ops.length : differs;
  }

  /** Goes back to the state of `to` operations, or to an earlier one. */
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

  /** Applies the missing operations; those before the last fill or clear are skipped. */
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

  /** Sets the state after a fill or clear; -1: the empty mask. Discards the undo data. */
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

/** Index of the last fill or clear before `end`; -1 if there is none. */
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
