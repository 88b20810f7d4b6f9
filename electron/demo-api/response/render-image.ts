import { animate } from '../drawing/animate.ts';
import { removeBackground, withAlpha } from '../drawing/remove-background.ts';
import { drawSvg } from '../drawing/draw-svg.ts';
import { applyDrift } from '../drawing/drift.ts';
import { encode } from '../drawing/encode.ts';
import { drawVariation } from '../drawing/variation.ts';
import { renderPartial } from '../drawing/partial-image.ts';
import { alphaOf, pixelsOf, sharpFrom, type Pixels, type Weights } from '../drawing/pixels.ts';
import { renderScene } from '../drawing/render-scene.ts';
import { regionOfMarkup, regionOfMask } from '../drawing/region.ts';
import { editImage } from '../drawing/edit-image.ts';
import type { Inputs } from '../request/inputs.ts';
import type { ResolvedRequest } from '../request/resolve-request.ts';

/** A finished image of a request. */
export interface RenderedImage {
  file: Buffer;
  background: 'opaque' | 'transparent';
  /** Renders a partial image in the same format. */
  partial(index: number): Promise<Buffer>;
}

/** Renders the image at the 0-based `position` of a request. Deterministic by request and position. */
export async function renderImage(resolved: ResolvedRequest, position: number): Promise<RenderedImage> {
  // Far apart, so that consecutive seeds don't share images.
  const seed = (resolved.seed + position * 0x9e3779b1) >>> 0;
  if (resolved.format === 'svg') {
    const file = drawSvg(resolved.prompt, resolved.width, resolved.height, seed);
    return { file, background: 'opaque', partial: () => Promise.resolve(file) };
  }
  const drawing = await draw(resolved, seed);
  const image = await applyBackground(resolved, drawing.image);
  if (resolved.format === 'gif') {
    const file = await animate(image, resolved.frames, resolved.frameDuration, seed);
    return { file, background: 'opaque', partial: () => Promise.resolve(file) };
  }
  const { format, compression } = resolved;
  return {
    file: await encode(image, format, compression),
    background: image.channels === 4 && alphaOf(image).some((alpha) => alpha < 255) ? 'transparent' : 'opaque',
    partial: async (index) =>
      encode(await renderPartial(image, index, resolved.partials, drawing.region, drawing.under), format, compression),
  };
}

interface Drawing {
  image: Pixels;
  /** The region that an edit paints, and the image around it. */
  region: Weights | null;
  under: Pixels | null;
}

async function draw(resolved: ResolvedRequest, seed: number): Promise<Drawing> {
  const { prompt, width, height, inputs } = resolved;
  if (!inputs) {
    const transparent = wantsTransparency(resolved);
    return { image: await renderScene({ prompt, seed, width, height, transparent }), region: null, under: null };
  }
  const base = await pixelsOf(cropToFit(inputs.first, width, height));
  if (resolved.operation === 'variation')
    return { image: await drawVariation(base, width, height, seed), region: null, under: null };
  const region = await regionOf(resolved, inputs);
  const repainted = await editImage({ prompt, seed, base, region, palette: inputs.second });
  const image = region && inputs.mask ? applyDrift(repainted, region, seed) : repainted;
  return { image, region, under: region ? base : null };
}

/** Without a mask, dall-e-2 uses the transparent part of its only image as the mask. */
function regionOf({ width, height, model }: ResolvedRequest, { mask, markup, first }: Inputs): Promise<Weights | null> {
  if (mask) return regionOfMask(cropOverlay(mask, width, height), width, height);
  if (markup) return regionOfMarkup(cropOverlay(markup, width, height), width, height);
  if (!model.streaming && first.channels === 4) return regionOfMask(first, width, height);
  return Promise.resolve(null);
}

/** Crops to the output's shape without stretching, then scales. */
function cropToFit(image: Pixels, width: number, height: number) {
  if (image.width === width && image.height === height) return sharpFrom(image);
  return sharpFrom(image).resize(width, height, { fit: 'cover', kernel: 'cubic' });
}

/** Crops a mask or markup like {@link cropToFit} crops the first image. */
function cropOverlay(overlay: Pixels, width: number, height: number): Pixels {
  const scale = Math.max(width / overlay.width, height / overlay.height);
  const [wide, high] = [
    Math.min(overlay.width, Math.round(width / scale)),
    Math.min(overlay.height, Math.round(height / scale)),
  ];
  if (wide === overlay.width && high === overlay.height) return overlay;
  const [left, top] = [(overlay.width - wide) >> 1, (overlay.height - high) >> 1];
  const data = Buffer.alloc(wide * high * 4);
  for (let y = 0; y < high; y++) {
    const from = ((top + y) * overlay.width + left) * 4;
    overlay.data.copy(data, y * wide * 4, from, from + wide * 4);
  }
  return { data, width: wide, height: high, channels: 4 };
}

function wantsTransparency({ background, prompt, model, format }: ResolvedRequest): boolean {
  if (background !== 'auto') return background === 'transparent';
  const possible = model.backgrounds.includes('transparent') && (format === 'png' || format === 'webp');
  return possible && /\btransparent\b/iu.test(prompt);
}

/** Applies the requested background: opaque, or transparent by a cut-out or, for an edit, by the mask. */
async function applyBackground(resolved: ResolvedRequest, image: Pixels): Promise<Pixels> {
  const transparent = wantsTransparency(resolved);
  if (!transparent) {
    if (
      image.channels === 3 ||
      (resolved.background === 'auto' && resolved.format !== 'jpeg' && resolved.format !== 'gif')
    )
      return image;
    return pixelsOf(sharpFrom(image).flatten({ background: '#ffffff' }));
  }
  if (!resolved.inputs || (image.channels === 4 && alphaOf(image).includes(0))) return image;
  const region = await regionOf(resolved, resolved.inputs);
  return region ? withAlpha(image, Buffer.from(region.data.map((share) => 255 - share))) : removeBackground(image);
}
