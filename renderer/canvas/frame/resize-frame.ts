import type { SizeRule } from '../../../electron/contract/catalogue/models.ts';
import { parseSize } from '../../../electron/contract/rules/size-rules.ts';
import type { Point, Rect, Size } from '../../stage/geometry.ts';
import { handleDirection, type Handle } from '../geometry/handles.ts';
import {
  lengthsOf,
  limitsOf,
  placeSpan,
  rectFrom,
  xOf,
  yOf,
  type FrameLimits,
  type FrameMode,
} from './frame-limits.ts';
import { nearestRatio } from './snap-frame.ts';

/** How a frame is resized. */
export interface Pull {
  mode: FrameMode;
  image: Size;
  /** Width / height; null: free. */
  ratio: number | null;
  /** The sizes to snap to; null: whole pixels. */
  sizes: SizeRule | null;
  /** Snapping distance, image pixels. */
  near: number;
}

type Bounds = readonly [min: number, max: number];

/** Ratios that a free edge snaps to, width / height. */
const SHAPES = [1, 5 / 4, 4 / 3, 3 / 2, 16 / 9, 2, 21 / 9, 3].flatMap((ratio) => [ratio, 1 / ratio]);

/** The frame after a handle was moved by `by` image pixels from where it was in `start`. */
export function resizeFrame(start: Rect, handle: Handle, by: Point, how: Pull): Rect {
  const pull = handleDirection(handle);
  const limits = limitsOf(how.mode, how.image, start);
  const wanted = { width: start.width + pull.x * by.x, height: start.height + pull.y * by.y };
  const bounds = boundsOf(start, pull, limits);
  const free = { width: clamp(wanted.width, bounds.x), height: clamp(wanted.height, bounds.y) };
  const ratio = how.ratio ?? (how.sizes && nearestRatio(free, how.sizes));
  const size = ratio === null ? freeSize(free, pull, bounds, how) : shapedSize(wanted, pull, bounds, ratio, how.sizes);
  return rectFrom(
    placeSpan(xOf(start), pull.x, size.width, limits.x),
    placeSpan(yOf(start), pull.y, size.height, limits.y),
  );
}

function boundsOf(start: Rect, pull: Point, limits: FrameLimits): { x: Bounds; y: Bounds } {
  return { x: lengthsOf(xOf(start), pull.x, limits.x), y: lengthsOf(yOf(start), pull.y, limits.y) };
}

function clamp(value: number, [min, max]: Bounds): number {
  return Math.min(max, Math.max(min, value));
}

/** Free ratio: the width first, then the height, which can snap to a ratio with it. */
function freeSize(size: Size, pull: Point, bounds: { x: Bounds; y: Bounds }, how: Pull): Size {
  const width = pull.x === 0 ? size.width : snapLength(size.width, size.height, 'width', bounds.x, how);
  const height = pull.y === 0 ? size.height : snapLength(size.height, width, 'height', bounds.y, how);
  return { width, height };
}

function snapLength(length: number, across: number, edge: 'width' | 'height', bounds: Bounds, how: Pull): number {
  const { sizes, image, near } = how;
  if (!sizes) return clamp(Math.round(length), bounds);
  const step = stepOf(sizes);
  const shapes = SHAPES.map((ratio) => Math.round(across * (edge === 'width' ? ratio : 1 / ratio)));
  const known = listed(sizes).flatMap((size) => (otherEdge(size, edge) === across ? [size[edge]] : []));
  const good = [...shapes.filter((wanted) => wanted % step === 0), ...known, image[edge]];
  const nearest = good
    .filter((wanted) => wanted >= bounds[0] && wanted <= bounds[1] && Math.abs(wanted - length) <= near)
    .toSorted((one, other) => Math.abs(one - length) - Math.abs(other - length))[0];
  return nearest ?? toStep(length, step, bounds);
}

/** Fixed ratio: both edges change. At a corner the larger movement decides, and the corner stays at the pointer. */
function shapedSize(
  wanted: Size,
  pull: Point,
  bounds: { x: Bounds; y: Bounds },
  ratio: number,
  sizes: SizeRule | null,
): Size {
  const byHeight = wanted.height * ratio;
  const width = pull.x === 0 ? byHeight : pull.y === 0 ? wanted.width : Math.max(wanted.width, byHeight);
  const min = Math.max(bounds.x[0], bounds.y[0] * ratio);
  const max = Math.min(bounds.x[1], bounds.y[1] * ratio);
  const step = sizes ? stepOf(sizes) : 1;
  const across = toStep(width, step, [Math.min(min, max), max]);
  return {
    width: clamp(Math.round(across), bounds.x),
    height: clamp(withinRatio(toStep(across / ratio, step, bounds.y), across, sizes), bounds.y),
  };
}

/** Corrects by one step if rounding exceeded the model's largest ratio. */
function withinRatio(height: number, width: number, sizes: SizeRule | null): number {
  if (sizes?.kind !== 'free') return height;
  if (width > height * sizes.maxRatio) return height + sizes.multipleOf;
  return height > width * sizes.maxRatio ? height - sizes.multipleOf : height;
}

/** The nearest multiple within the bounds; a bound if there is none. */
function toStep(length: number, step: number, bounds: Bounds): number {
  const [min, max] = [Math.ceil(bounds[0] / step) * step, Math.floor(bounds[1] / step) * step];
  if (min > max) return clamp(Math.round(length), [Math.ceil(bounds[0]), Math.floor(bounds[1])]);
  return clamp(Math.round(length / step) * step, [min, max]);
}

/** The step between sizes, px. */
export function stepOf(rule: SizeRule): number {
  return rule.kind === 'free' ? rule.multipleOf : 1;
}

function listed(rule: SizeRule): Size[] {
  return (rule.kind === 'list' ? rule.sizes : rule.presets).flatMap((size) => parseSize(size) ?? []);
}

function otherEdge(size: Size, edge: 'width' | 'height'): number {
  return edge === 'width' ? size.height : size.width;
}
