import type { Point } from './geometry.ts';

/** One position of a pointer on the stage. */
export interface StageSample {
  /** In image pixels. */
  point: Point;
  /** 0 to 1 for a pen; 1 for a mouse and a finger. */
  pressure: number;
}

/** A pressed pointer on the stage. */
export interface StagePointer extends StageSample {
  /** All positions since the last call, oldest first. */
  samples: readonly StageSample[];
  type: 'mouse' | 'pen' | 'touch';
  shift: boolean;
  alt: boolean;
  mod: boolean;
  /** 1 for a single click, 2 for a double click, … */
  clicks: number;
}

/** Limits for consecutive clicks: time in ms, distance in CSS pixels. */
const MULTI_CLICK = { within: 450, apart: 6 } as const;

/** Counts consecutive clicks, which pointer events don't report. */
export class ClickCounter {
  #count = 0;
  #last = { time: -Infinity, at: { x: 0, y: 0 }, type: '' };

  /** Registers a press (time in ms, CSS pixels of the screen). Returns its number in the row, from 1. */
  press(time: number, at: Point, type: string): number {
    const { last, near } = { last: this.#last, near: Math.hypot(at.x - this.#last.at.x, at.y - this.#last.at.y) };
    const follows = type === last.type && time - last.time <= MULTI_CLICK.within && near <= MULTI_CLICK.apart;
    this.#count = follows ? this.#count + 1 : 1;
    this.#last = { time, at, type };
    return this.#count;
  }
}
