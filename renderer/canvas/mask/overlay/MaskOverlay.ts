import type { Camera, View } from '../../../stage/camera.ts';
import { isEmptyRect, rectOf, type Rect, type Size } from '../../../stage/geometry.ts';
import { MARKED, type Coverage } from '../pixels/coverage.ts';
import { edgeOf, reachOf, type Edge } from './overlay-edge.ts';
import { placementOf, sampleMask, windowOf, type ImagePlacement, type Sample } from './overlay-sample.ts';

/** How the mask is shown. */
export interface OverlayStyle {
  /** Any colour that CSS knows. */
  colour: string;
  /** Of the area, 0 to 1. The hatch is stronger by as much as it always is; the edge is always whole. */
  opacity: number;
}

/** The opacity that nobody has chosen. */
const DEFAULT_OVERLAY_OPACITY = 0.26;
/** All in CSS pixels of the screen, whatever the zoom. The pitch is measured along a row. */
const HATCH = { pitch: 14, width: 2, opacity: 0.62 } as const;
const LINE = { width: 1.5, opacity: 0.95 } as const;

/** What was drawn last: while it is the same, a part can be drawn alone. */
interface Drawn extends OverlayStyle {
  placing: ImagePlacement;
  canvas: Size;
  dpr: number;
}

/**
 * Draws a mask on a canvas that is as large as the view, pixel for pixel of the screen: the area, a hatch at 45°, and a line along the
 * edge, so that shape and texture tell of it and not the colour alone. What an image's size costs is nothing: only the device pixels of
 * the part that changed are made anew.
 */
export class MaskOverlay {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #drawn: Drawn | null = null;
  #inks: ColourTables = { area: new Uint32Array(0), edge: new Uint32Array(0), pitch: 1 };

  /** @throws TypeError where the canvas has another kind of context already */
  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new TypeError('The canvas of the mask draws something else.');
    this.#canvas = canvas;
    this.#context = context;
  }

  /** @param look `part`, in pixels of the image: nothing else has changed since the last call. Where the view has, all is drawn anew. */
  draw(mask: Coverage, camera: Camera, view: View, { colour, opacity, part }: OverlayStyle & { part?: Rect }): void {
    const canvas = { width: Math.round(view.width * view.dpr), height: Math.round(view.height * view.dpr) };
    const drawn: Drawn = { placing: placementOf(camera, view), canvas, dpr: view.dpr, colour, opacity };
    const isPart = this.#prepare(drawn) && part !== undefined;
    if (!isPart) this.#context.clearRect(0, 0, canvas.width, canvas.height);
    const { placing } = drawn;
    const lineWidth = LINE.width * view.dpr;
    const around = reachOf(lineWidth) + 1;
    const window = windowOf(isPart ? part : rectOf(mask.size), placing, around, canvas);
    if (isEmptyRect(window)) return;
    // The line at the window's border depends on pixels beyond it.
    const wider = grown(window, around, canvas);
    const sample = sampleMask(mask, placing, wider);
    const phase = phaseOf(placing, wider, this.#inks.pitch);
    const image = new ImageData(wider.width, wider.height);
    const pixels = new Uint32Array(image.data.buffer);
    paintArea(pixels, sample, this.#inks, phase);
    if (sample.edges.length > 0) {
      paintEdge(pixels, sample, edgeOf(mask, placing, sample, lineWidth), this.#inks, phase);
    }
    const { left, top, width, height } = window;
    this.#context.putImageData(image, wider.left, wider.top, left - wider.left, top - wider.top, width, height);
  }

  /** Makes canvas and colours fit. True: all but the mask is as it was when it was drawn last. */
  #prepare(drawn: Drawn): boolean {
    const before = this.#drawn;
    this.#drawn = drawn;
    if (before && isSameLook(before, drawn) && isSameServer(before, drawn)) return true;
    const { width, height } = drawn.canvas;
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    if (!before || !isSameLook(before, drawn)) {
      this.#inks = colourTablesOf(rgbOf(this.#context, drawn.colour), drawn.opacity, drawn.dpr);
    }
    return false;
  }
}

function isSameLook(one: Drawn, other: Drawn): boolean {
  return one.colour === other.colour && one.opacity === other.opacity && one.dpr === other.dpr;
}

function isSameServer(one: Drawn, other: Drawn): boolean {
  const [a, b] = [one.placing, other.placing];
  const isSameSize = one.canvas.width === other.canvas.width && one.canvas.height === other.canvas.height;
  return isSameSize && a.left === b.left && a.top === b.top && a.scale === b.scale;
}

function grown({ left, top, width, height }: Rect, by: number, canvas: Size): Rect {
  const [x, y] = [Math.max(0, left - by), Math.max(0, top - by)];
  return {
    left: x,
    top: y,
    width: Math.min(canvas.width, left + width + by) - x,
    height: Math.min(canvas.height, top + height + by) - y,
  };
}

/** The place in the hatch of a window's first pixel. The hatch lies on the image: it goes with it when that is moved. */
function phaseOf({ left, top }: ImagePlacement, window: Rect, pitch: number): number {
  const place = (window.left - Math.round(left) + window.top - Math.round(top)) % pitch;
  return place < 0 ? place + pitch : place;
}

/** Red, green and blue in the order in which an image's bytes lie in a word. */
function rgbOf(context: CanvasRenderingContext2D, colour: string): number {
  context.save();
  context.fillStyle = '#f0953a';
  context.fillStyle = colour;
  const value = context.fillStyle;
  context.restore();
  const [red = 0, green = 0, blue = 0] = value.startsWith('#')
    ? [1, 3, 5].map((at) => Number.parseInt(value.slice(at, at + 2), 16))
    : (value.match(/[\d.]+/gu) ?? []).map(Number);
  return (blue << 16) | (green << 8) | red;
}

/** A word for each level (0 to 255) and place in the hatch, alpha in the highest byte. */
interface ColourTables {
  /** The area fades with the level; the hatch is there where the mask is marked. */
  area: Uint32Array;
  /** Near the edge the level is the share of the pixel that is marked: area and hatch fade together. */
  edge: Uint32Array;
  /** Places in the hatch. */
  pitch: number;
}

function colourTablesOf(rgb: number, opacity: number, dpr: number): ColourTables {
  const pitch = Math.max(2, Math.round(HATCH.pitch * dpr));
  const strength = HATCH.opacity * Math.min(1, opacity / DEFAULT_OVERLAY_OPACITY);
  const hatch = Float64Array.from({ length: pitch }, (_none, place) => {
    const away = Math.min(place + 0.5, pitch - place - 0.5) / Math.SQRT2;
    return Math.max(0, Math.min(1, (HATCH.width * dpr) / 2 + 0.5 - away)) * strength;
  });
  const inks = (hatched: (level: number) => number): Uint32Array =>
    Uint32Array.from({ length: 256 * pitch }, (_none, index) => {
      const level = Math.floor(index / pitch);
      const free = (1 - (opacity * level) / 255) * (1 - (hatch[index % pitch] ?? 0) * hatched(level));
      return ((Math.round((1 - free) * 255) << 24) | rgb) >>> 0;
    });
  return { area: inks((level) => (level >= MARKED ? 1 : 0)), edge: inks((level) => level / 255), pitch };
}

function paintArea(
  pixels: Uint32Array,
  { levels, width, height }: Sample,
  { area, pitch }: ColourTables,
  phase: number,
): void {
  for (let y = 0; y < height; y += 1) {
    let place = (phase + y) % pitch;
    for (let at = y * width; at < (y + 1) * width; at += 1) {
      const level = levels[at] ?? 0;
      if (level !== 0) pixels[at] = area[level * pitch + place] ?? 0;
      place += 1;
      if (place === pitch) place = 0;
    }
  }
}

/** The line over the area, smooth on both sides. */
function paintEdge(pixels: Uint32Array, sample: Sample, edge: Edge, inks: ColourTables, phase: number): void {
  const { levels, width } = sample;
  for (let index = 0; index < edge.pixels.length; index += 1) {
    const at = edge.pixels[index] ?? 0;
    const place = (phase + (at % width) + Math.floor(at / width)) % inks.pitch;
    const ink = inks.edge[(edge.shares[index] ?? 0) * inks.pitch + place] ?? 0;
    // Where the mask is soft, the area goes on beyond the line.
    const isSoft = (levels[at] ?? 0) < MARKED;
    const under = Math.max(ink >>> 24, isSoft ? (pixels[at] ?? 0) >>> 24 : 0);
    const over = (edge.line[index] ?? 0) * LINE.opacity;
    const alpha = Math.round(over + (under * (255 - over)) / 255);
    pixels[at] = ((alpha << 24) | (ink & 0xffffff)) >>> 0;
  }
}
