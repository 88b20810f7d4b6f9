import type { Coverage } from '../pixels/coverage.ts';
import { shareMarked, type ImagePlacement, type Sample } from './overlay-sample.ts';

/** The pixels near the mask's edge, and how each of them is drawn. */
export interface Edge {
  /** Indices in the sample. */
  pixels: readonly number[];
  /** Marked share of each pixel, 0 to 255. */
  shares: Uint8Array;
  /** Coverage by the line, 0 to 255. */
  line: Uint8ClampedArray;
}

/** Two thirds of the line lie on the marked side. */
const INSIDE = 2 / 3;
/** Weight of diagonal neighbours. */
const CORNER = 0.59;
/** Above this share of edge pixels the mask is noise, and antialiasing is skipped. */
const MAX_EDGE_SHARE = 0.3;

/** How far a line reaches from the edge, with one pixel for antialiasing. */
export function reachOf(lineWidth: number): number {
  return Math.ceil(lineWidth * INSIDE) + 1;
}

/**
 * The antialiased line along the mask's edge: the difference between the area and the area eroded or dilated.
 * @param lineWidth in device pixels
 */
export function edgeOf(mask: Coverage, placing: ImagePlacement, sample: Sample, lineWidth: number): Edge {
  const { width, height, levels } = sample;
  const { near, own } = nearEdges(sample, reachOf(lineWidth));
  const isNoise = near.length > MAX_EDGE_SHARE * width * height && near.length > 10_000;
  const shares = new Uint8Array(width * height);
  for (let at = 0; at < shares.length; at += 1) shares[at] = -((levels[at] ?? 0) >> 7);
  if (!isNoise) {
    for (let index = 0; index < own; index += 1) {
      const at = near[index] ?? 0;
      shares[at] = shareMarked(mask, placing, sample.left + (at % width), sample.top + Math.floor(at / width));
    }
  }
  const line = new Uint8ClampedArray(near.length);
  trace(shares, sample, near, line, lineWidth * INSIDE, 0);
  trace(shares, sample, near, line, lineWidth * (1 - INSIDE), 255);
  const nearShares = new Uint8Array(near.length);
  for (let index = 0; index < near.length; index += 1) nearShares[index] = shares[near[index] ?? 0] ?? 0;
  return { pixels: near, shares: nearShares, line };
}

/** All pixels within `steps` of an edge, each once; the first `own` are edge pixels. */
function nearEdges({ width, height, edges }: Sample, steps: number): { near: number[]; own: number } {
  const seen = new Uint8Array(width * height);
  const near: number[] = [];
  const add = (at: number): void => {
    if (seen[at] === 1) return;
    seen[at] = 1;
    near.push(at);
  };
  for (let index = 0; index < edges.length; index += 1) add(edges[index] ?? 0);
  const own = near.length;
  for (let step = 1, from = 0; step < steps; step += 1) {
    const to = near.length;
    for (let index = from; index < to; index += 1) {
      const at = near[index] ?? 0;
      const x = at % width;
      if (x > 0) add(at - 1);
      if (x < width - 1) add(at + 1);
      if (at >= width) add(at - width);
      if (at < width * (height - 1)) add(at + width);
    }
    from = to;
  }
  return { near, own };
}

/**
 * Erodes the shares pixel by pixel and sums the changes.
 * @param flip 0: inwards. 255: outwards, which is inwards for what is not marked.
 */
function trace(
  shares: Uint8Array,
  { width, height }: Sample,
  near: readonly number[],
  line: Uint8ClampedArray,
  reach: number,
  flip: number,
): void {
  const moved = shares.slice();
  const next = new Uint8Array(near.length);
  for (let rest = reach; rest > 0; rest -= 1) {
    const weight = Math.min(1, rest);
    for (let index = 0; index < near.length; index += 1) {
      const at = near[index] ?? 0;
      const now = eroded(moved, at, width, height, flip);
      next[index] = now;
      line[index] = (line[index] ?? 0) + weight * Math.abs(now - (moved[at] ?? 0));
    }
    for (let index = 0; index < near.length; index += 1) moved[near[index] ?? 0] = next[index] ?? 0;
  }
}

/** The least of a pixel and its neighbours, flipped; pixels outside the window repeat the border. */
function eroded(shares: Uint8Array, at: number, width: number, height: number, flip: number): number {
  const x = at % width;
  const [left, right] = [x > 0 ? at - 1 : at, x < width - 1 ? at + 1 : at];
  const [up, down] = [at >= width ? -width : 0, at < width * (height - 1) ? width : 0];
  const here = (shares[at] ?? 0) ^ flip;
  const beside = Math.min((shares[left] ?? 0) ^ flip, (shares[right] ?? 0) ^ flip);
  const across = Math.min((shares[at + up] ?? 0) ^ flip, (shares[at + down] ?? 0) ^ flip);
  const above = Math.min((shares[left + up] ?? 0) ^ flip, (shares[right + up] ?? 0) ^ flip);
  const below = Math.min((shares[left + down] ?? 0) ^ flip, (shares[right + down] ?? 0) ^ flip);
  const corner = here + (Math.min(above, below) - here) * CORNER;
  return Math.min(here, beside, across, corner) ^ flip;
}
