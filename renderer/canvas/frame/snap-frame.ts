import type { SizeRule } from '../../../electron/contract/catalogue/models.ts';
import { checkSize, parseSize } from '../../../electron/contract/rules/size-rules.ts';
import { nearestSize } from '../../request/model/nearest-size.ts';
import type { Rect, Size } from '../../stage/geometry.ts';
import { isWhole, reachOf, rectFrom, xOf, yOf, type Span } from './frame-limits.ts';

/** A frame that the model supports. */
export interface SnappedFrame {
  frame: Rect;
  /** The size to request. If it differs from the frame's, the framed image is scaled to it. */
  size: Size;
  /** A note for the person: the ratio changed, or the image is scaled. */
  note: string | null;
}

/**
 * The nearest frame that the model supports, and the size to request. Only edges that do not lie on the image's own edges move; for the whole
 * image only the size is chosen.
 */
export function snapFrame(frame: Rect, image: Size, model: { sizes: SizeRule } | null): SnappedFrame {
  if (model === null) return { frame, size: sizeOf(frame), note: null };
  const { sizes } = model;
  if (isWhole(frame, image)) return { frame, size: sizeFor(frame, sizes), note: scaleNote(frame, sizes, false) };
  const stepped = sizes.kind === 'free' ? toSteps(frame, image, sizes.multipleOf) : frame;
  const shape = nearestRatio(stepped, sizes);
  const shaped = shape === null ? stepped : reshape(stepped, image, shape, sizes);
  const note = scaleNote(shaped, sizes, true) ?? (shaped === stepped ? null : shapeNote(sizes));
  return { frame: shaped, size: sizeFor(shaped, sizes), note };
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height });
const words = ({ width, height }: Size): string => `${width} × ${height}`;

/** The nearest supported ratio (width / height); null if the size's own ratio is supported. */
export function nearestRatio({ width, height }: Size, rule: SizeRule): number | null {
  const ratio = width / height;
  if (rule.kind === 'free') {
    if (ratio > rule.maxRatio) return rule.maxRatio;
    return ratio < 1 / rule.maxRatio ? 1 / rule.maxRatio : null;
  }
  const off = (size: Size): number => Math.abs(Math.log(size.width / size.height / ratio));
  const nearest = listedSizes(rule).toSorted((one, other) => off(one) - off(other))[0];
  return nearest ? nearest.width / nearest.height : null;
}

function listedSizes(rule: Extract<SizeRule, { kind: 'list' }>): Size[] {
  return rule.sizes.flatMap((size) => parseSize(size) ?? []);
}

/** The size to request: the frame's own if it is supported. */
function sizeFor(frame: Size, rule: SizeRule): Size {
  if (rule.kind === 'free') {
    const own = `${frame.width}x${frame.height}`;
    const taken = checkSize(own, rule) === null ? own : nearestSize(scaledDown(frame, rule), rule);
    return (taken === null ? null : parseSize(taken)) ?? sizeOf(frame);
  }
  const shape = nearestRatio(frame, rule);
  const alike = listedSizes(rule)
    .filter(({ width, height }) => width / height === shape)
    .toSorted((one, other) => one.width - other.width);
  return alike.find(({ width }) => width >= frame.width) ?? alike.at(-1) ?? sizeOf(frame);
}

/** The largest allowed size with the frame's ratio, not rounded to steps. */
function scaledDown({ width, height }: Size, rule: Extract<SizeRule, { kind: 'free' }>): string {
  const { maxEdge, maxPixels } = rule;
  const scale = Math.min(1, maxEdge / Math.max(width, height), Math.sqrt(maxPixels / (width * height)));
  return `${Math.round(width * scale)}x${Math.round(height * scale)}`;
}

/** Changes the ratio: grows a frame that extends the image, shrinks one that does not. */
function reshape(frame: Rect, image: Size, ratio: number, rule: SizeRule): Rect {
  const beyond = Object.values(reachOf(frame, image)).some((reach) => reach > 0);
  const tooWide = frame.width > frame.height * ratio;
  // One pixel of rounding is the same ratio.
  if (rule.kind === 'list' && Math.abs(frame.width - frame.height * ratio) <= Math.max(1, ratio)) return frame;
  // Whole steps, rounded to the allowed side of the limit.
  const whole = (length: number): number => {
    if (rule.kind === 'list') return Math.round(length);
    const steps = length / rule.multipleOf;
    return Math.max(1, beyond ? Math.ceil(steps) : Math.floor(steps)) * rule.multipleOf;
  };
  return tooWide === beyond
    ? rectFrom(xOf(frame), relength(yOf(frame), image.height, whole(frame.width / ratio)))
    : rectFrom(relength(xOf(frame), image.width, whole(frame.height * ratio)), yOf(frame));
}

/** Changes a length at the end that is not on the image's edge; at both if both or neither are. */
function relength(span: Span, image: number, length: number): Span {
  const [start, end] = [span.from !== 0, span.from + span.length !== image];
  if (start === end) return { from: Math.round(span.from + (span.length - length) / 2), length };
  return { from: end ? span.from : span.from + span.length - length, length };
}

function toSteps(frame: Rect, image: Size, step: number): Rect {
  return rectFrom(toStep(xOf(frame), image.width, step), toStep(yOf(frame), image.height, step));
}

/** Rounds to whole steps: outwards if extended, inwards if cropped; the image's own length stays. */
function toStep(span: Span, image: number, step: number): Span {
  const { from, length } = span;
  const [before, after] = [-from, from + length - image];
  if (length % step === 0 || (before === 0 && after === 0)) return span;
  const beyond = before > 0 || after > 0;
  const whole = Math.max(step, (beyond ? Math.ceil(length / step) : Math.floor(length / step)) * step);
  const atEnd = beyond ? after > 0 : after < 0;
  return { from: atEnd ? from : from + length - whole, length: whole };
}

function shapeNote(rule: SizeRule): string {
  if (rule.kind === 'free') return `The long edge can be at most ${rule.maxRatio} times the short edge.`;
  return `This model supports ${listedSizes(rule).map(words).join(', ')}. The frame has the nearest ratio.`;
}

/**
 * A note if the requested size has clearly more or fewer pixels than the frame.
 * @param isFramed the image is cut or extended, and then scaled too (see `sizeToSend`); a whole image is sent as it is
 */
function scaleNote(frame: Size, rule: SizeRule, isFramed: boolean): string | null {
  const size = sizeFor(frame, rule);
  const share = (size.width * size.height) / (frame.width * frame.height);
  if (share < 0.9) {
    const outcome = isFramed
      ? `It will be scaled to ${words(size)}`
      : `The image is sent as it is and generated at ${words(size)}`;
    return `${words(frame)} is larger than this model supports. ${outcome}.`;
  }
  return share > 1.1
    ? `${words(frame)} is smaller than this model supports. Will be generated at ${words(size)}.`
    : null;
}
