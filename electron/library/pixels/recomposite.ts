import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { VISIBLE_DIFFERENCE } from '../../contract/entities/strict-mask.ts';
import type { OwnPixels } from './colour/own-pixels.ts';
import {
  measureColumns,
  measureRow,
  createRowBuffers,
  type ColumnDistances,
  type RowBuffers,
} from './edge-distance.ts';
import type { Size } from './change-messages.ts';

/** Yield to the event loop after this many pixels: a few milliseconds. */
const PIXELS_PER_TURN = 100_000;

/** Pixels outside the mask, and how many of them the response changed. */
interface OutsideCounts {
  outside: number;
  changed: number;
  visible: number;
}

export interface RecompositeResult extends OutsideCounts {
  /** Whether all pixels are fully opaque. */
  opaque: boolean;
}

/** Calls `work` for every row, yielding to the event loop now and then. Rejects with the signal's reason if aborted. */
export async function forEachRow(
  { width, height }: Size,
  work: (y: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  await runInTurns(
    width,
    (function* rows() {
      for (let y = 0; y < height; y += 1) {
        work(y);
        yield;
      }
    })(),
    signal,
  );
}

async function runInTurns<Result>(
  width: number,
  rows: Generator<void, Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  for (let since = 0; ; since += width) {
    const step = rows.next();
    if (step.done) return step.value;
    if (since < PIXELS_PER_TURN) continue;
    since = 0;
    await yieldToEventLoop();
    signal?.throwIfAborted();
  }
}

/** Column distances inside the mask; {@link measureRow} turns them into distances. */
export function measureDistances(
  edited: Uint8Array,
  size: Size,
  max: number,
  signal?: AbortSignal,
): Promise<ColumnDistances> {
  return runInTurns(size.width, measureColumns(edited, size, max), signal);
}

/**
 * Weight of the response, 0 to 1, by a pixel's squared distance to the nearest pixel outside the mask. The mask's edge is
 * half-way between the two pixels; `feather` pixels further in, the weight is 1.
 */
export function featherWeights(feather: number): Float64Array {
  const max = (feather + 1) ** 2;
  return Float64Array.from({ length: max + 1 }, (_none, square) => {
    if (square === 0) return 0;
    return feather === 0 ? 1 : Math.min(1, (Math.sqrt(square) - 0.5) / feather);
  });
}

/** The numbers of one image: 8 or 16 bits per channel. */
type Channels = OwnPixels['data'];

/** The highest value of a channel. */
function maxOf(data: Channels): number {
  return data instanceof Uint16Array ? 65_535 : 255;
}

/**
 * The largest channel difference between two RGBA pixels of one depth, in whole steps of 8 bits: a response has no more, and programs
 * reduce 16 bits in two ways that differ by less than a step. Fully transparent pixels have no colour.
 */
export function differenceAt(one: Channels, other: Channels, at: number): number {
  const alpha = (one[at + 3] ?? 0) - (other[at + 3] ?? 0);
  if (alpha === 0 && one[at + 3] === 0) return 0;
  const largest = Math.max(
    Math.abs(alpha),
    Math.abs((one[at] ?? 0) - (other[at] ?? 0)),
    Math.abs((one[at + 1] ?? 0) - (other[at + 1] ?? 0)),
    Math.abs((one[at + 2] ?? 0) - (other[at + 2] ?? 0)),
  );
  return one instanceof Uint16Array ? Math.floor(largest / 257) : largest;
}

/**
 * Blends a response over the first input through the mask, in the first input's own buffer: pixels outside the mask are
 * untouched; inside the mask's edge the response fades in over `feather` pixels.
 * @param edited one byte per pixel; 0 is outside the mask
 * @param answer the response's pixels, as large as the first input
 */
export async function recomposite(
  first: OwnPixels,
  answer: OwnPixels,
  edited: Uint8Array,
  { feather, signal }: { feather: number; signal?: AbortSignal | undefined },
): Promise<RecompositeResult> {
  const columns = await measureDistances(edited, first, feather, signal);
  const weights = featherWeights(feather);
  const buffers = createRowBuffers(first.width);
  const counts: OutsideCounts = { outside: 0, changed: 0, visible: 0 };
  let opaque = true;
  await forEachRow(
    first,
    (y) => {
      countRow(first, answer, edited, y, counts);
      blendRow(first, answer, { columns, weights, buffers }, y);
      opaque &&= isOpaqueRow(first, y);
    },
    signal,
  );
  return { ...counts, opaque };
}

function countRow(
  { data, width }: OwnPixels,
  answer: OwnPixels,
  edited: Uint8Array,
  y: number,
  counts: OutsideCounts,
): void {
  for (let at = y * width; at < (y + 1) * width; at += 1) {
    if (edited[at] !== 0) continue;
    counts.outside += 1;
    const difference = differenceAt(data, answer.data, at * 4);
    if (difference > 0) counts.changed += 1;
    if (difference > VISIBLE_DIFFERENCE) counts.visible += 1;
  }
}

interface Feathering {
  columns: ColumnDistances;
  weights: Float64Array;
  buffers: RowBuffers;
}

function blendRow(
  { data, width }: OwnPixels,
  answer: OwnPixels,
  { columns, weights, buffers }: Feathering,
  y: number,
): void {
  const { distances } = columns;
  const row = y * width;
  if (!distances.subarray(row, row + width).some((distance) => distance > 0)) return;
  measureRow(columns, width, y, buffers);
  const last = weights.length - 1;
  for (let x = 0; x < width; x += 1) {
    const square = buffers.squares[x] ?? 0;
    if (square > 0) blendPixel(data, answer.data, (row + x) * 4, weights[Math.min(square, last)] ?? 1);
  }
}

/**
 * Blends the first input out over the response. Where the first input is transparent (a frame extended beyond it), the response
 * shows fully, so no seam appears.
 */
function blendPixel(first: Channels, answer: Channels, at: number, weight: number): void {
  const max = maxOf(first);
  const above = (1 - weight) * ((first[at + 3] ?? 0) / max);
  const below = (1 - above) * ((answer[at + 3] ?? 0) / max);
  const alpha = above + below;
  for (let channel = at; channel < at + 3; channel += 1) {
    const mixed = alpha === 0 ? 0 : ((first[channel] ?? 0) * above + (answer[channel] ?? 0) * below) / alpha;
    first[channel] = Math.round(mixed);
  }
  first[at + 3] = Math.round(alpha * max);
}

function isOpaqueRow({ data, width }: OwnPixels, y: number): boolean {
  const max = maxOf(data);
  for (let at = y * width * 4 + 3; at < (y + 1) * width * 4; at += 4) if (data[at] !== max) return false;
  return true;
}
