import type { SizeRule } from '../../../electron/contract/catalogue/models.ts';
import { parseSize } from '../../../electron/contract/rules/parameter-rules.ts';
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

/** How a frame is pulled. */
export interface Pull {
  mode: FrameMode;
  image: Size;
  /** Width to height; null: free. */
  ratio: number | null;
  /** The sizes to snap to; null: to whole pixels only. */
  sizes: SizeRule | null;
  /** How near a good size has to be to be taken, in pixels of the image. */
  near: number;
}

type Bounds = readonly [min: number, max: number];

/** Shapes that a free edge snaps to, as width to height. */
const SHAPES = [1, 5 / 4, 4 / 3, 3 / 2, 16 / 9, 2, 21 / 9, 3].flatMap((ratio) => [ratio, 1 / ratio]);

/** The frame after one of its handles was pulled so far (pixels of the image) from where it was at the start. */
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

/** Only what is pulled changes, first across, then down, so that the second can make a good shape with the first. */
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

/** Both edges follow the one that is pulled; at a corner the longer pull wins, so that the corner stays at the pointer. */
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

/** A step more or less where rounding would make the shape longer than any that the model makes. */
function withinRatio(height: number, width: number, sizes: SizeRule | null): number {
  if (sizes?.kind !== 'free') return height;
  if (width > height * sizes.maxRatio) return height + sizes.multipleOf;
  return height > width * sizes.maxRatio ? height - sizes.multipleOf : height;
}

/** The nearest multiple within the bounds; the bound itself where there is none. */
function toStep(length: number, step: number, bounds: Bounds): number {
  const [min, max] = [Math.ceil(bounds[0] / step) * step, Math.floor(bounds[1] / step) * step];
  if (min > max) return clamp(Math.round(length), [Math.ceil(bounds[0]), Math.floor(bounds[1])]);
  return clamp(Math.round(length / step) * step, [min, max]);
}

/** By how many pixels sizes differ. */
export function stepOf(rule: SizeRule): number {
  return rule.kind === 'free' ? rule.multipleOf : 1;
}

function listed(rule: SizeRule): Size[] {
  return (rule.kind === 'list' ? rule.sizes : rule.presets).flatMap((size) => parseSize(size) ?? []);
}

function otherEdge(size: Size, edge: 'width' | 'height'): number {
  return edge === 'width' ? size.height : size.width;
}
