import type { Camera, View } from '../../../stage/camera.ts';
import { isEmptyRect, rectOf, type Rect, type Size } from '../../../stage/geometry.ts';
import { MARKED, type Coverage } from '../pixels/coverage.ts';
import { edgeOf, reachOf, type Edge } from './overlay-edge.ts';
import { placementOf, sampleMask, windowOf, type ImagePlacement, type Sample } from './overlay-sample.ts';

/** How the mask is shown. */
export interface OverlayStyle {
  /** Any CSS colour. */
  colour: string;
  /** Opacity of the area, 0 to 1. The hatch scales with it; the edge is always opaque. */
  opacity: number;
}

/** Default opacity of the area. */
const DEFAULT_OVERLAY_OPACITY = 0.26;
/** CSS pixels, at any zoom. The pitch is measured along a row. */
const HATCH = { pitch: 14, width: 2, opacity: 0.62 } as const;
const LINE = { width: 1.5, opacity: 0.95 } as const;

/** What was drawn last: if it is the same, a part can be redrawn alone. */
interface Drawn extends OverlayStyle {
  placing: ImagePlacement;
  canvas: Size;
  dpr: number;
}

/**
 * Draws a mask on a canvas of the view's size, in device pixels: the area, a 45° hatch, and a line along the edge, so that the mask is not shown
 * by colour alone. The cost depends on the changed part of the view, not on the image's size.
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

  /** @param style `part`, image pixels: nothing else has changed since the last call. If the view has changed, everything is redrawn. */
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
    // The line at the window's border depends on pixels outside it.
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

  /** Updates canvas size and colours. True: nothing but the mask changed since the last drawing. */
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

/** The hatch's phase at a window's first pixel. The hatch moves with the image. */
function phaseOf({ left, top }: ImagePlacement, window: Rect, pitch: number): number {
  const place = (window.left - Math.round(left) + window.top - Math.round(top)) % pitch;
  return place < 0 ? place + pitch : place;
}

/** Red, green and blue in the byte order of ImageData words. */
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

/** A pixel word for each level (0 to 255) and hatch phase, alpha in the highest byte. */
interface ColourTables {
  /** The area fades with the level; the hatch covers marked pixels. */
  area: Uint32Array;
  /** At the edge the level is the marked share of the pixel: area and hatch fade together. */
  edge: Uint32Array;
  /** Number of hatch phases. */
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

/** The edge line over the area, antialiased. */
function paintEdge(pixels: Uint32Array, sample: Sample, edge: Edge, inks: ColourTables, phase: number): void {
  const { levels, width } = sample;
  for (let index = 0; index < edge.pixels.length; index += 1) {
    const at = edge.pixels[index] ?? 0;
    const place = (phase + (at % width) + Math.floor(at / width)) % inks.pitch;
    const ink = inks.edge[(edge.shares[index] ?? 0) * inks.pitch + place] ?? 0;
    // Where the mask is soft, the area extends beyond the line.
    const isSoft = (levels[at] ?? 0) < MARKED;
    const under = Math.max(ink >>> 24, isSoft ? (pixels[at] ?? 0) >>> 24 : 0);
    const over = (edge.line[index] ?? 0) * LINE.opacity;
    const alpha = Math.round(over + (under * (255 - over)) / 255);
    pixels[at] = ((alpha << 24) | (ink & 0xffffff)) >>> 0;
  }
}
