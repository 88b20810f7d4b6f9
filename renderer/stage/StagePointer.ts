import type { Point } from './geometry.ts';

/** One place of a pointer on the stage. */
export interface StageSample {
  /** In pixels of the image. */
  point: Point;
  /** 0 to 1 for a pen; 1 for a mouse and a finger. */
  pressure: number;
}

/** A pointer that is pressed on the stage. */
export interface StagePointer extends StageSample {
  /** All places since the last call, oldest first; the last is the present one. */
  samples: readonly StageSample[];
  type: 'mouse' | 'pen' | 'touch';
  shift: boolean;
  alt: boolean;
  mod: boolean;
  /** How many clicks in a row. */
  clicks: number;
}

/** Clicks that belong together, by time (ms) and distance (CSS pixels). */
const MULTI_CLICK = { within: 450, apart: 6 } as const;

/** Counts the clicks in a row; pointer events do not. */
export class ClickCounter {
  #count = 0;
  #last = { time: -Infinity, at: { x: 0, y: 0 }, type: '' };

  /** A press at a time and at a place of the screen: which one in a row it is, from 1. */
  press(time: number, at: Point, type: string): number {
    const { last, near } = { last: this.#last, near: Math.hypot(at.x - this.#last.at.x, at.y - this.#last.at.y) };
    const follows = type === last.type && time - last.time <= MULTI_CLICK.within && near <= MULTI_CLICK.apart;
    this.#count = follows ? this.#count + 1 : 1;
    this.#last = { time, at, type };
    return this.#count;
  }
}
