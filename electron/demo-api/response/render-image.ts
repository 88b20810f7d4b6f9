import { animate } from '../drawing/animate.ts';
import { cutAway, withAlpha } from '../drawing/remove-background.ts';
import { drawSvg } from '../drawing/draw-svg.ts';
import { drifted } from '../drawing/drift.ts';
import { encode } from '../drawing/encode.ts';
import { kinOf } from '../drawing/variation.ts';
import { partialOf } from '../drawing/partial-image.ts';
import { alphaOf, pixelsOf, sharpFrom, type Pixels, type Weights } from '../drawing/pixels.ts';
import { print } from '../drawing/render-scene.ts';
import { regionOfMarkup, regionOfMask } from '../drawing/region.ts';
import { repaint } from '../drawing/edit-image.ts';
import type { Inputs } from '../request/inputs.ts';
import type { Order } from '../request/resolve-request.ts';

/** One finished picture of an order. */
export interface Developed {
  file: Buffer;
  background: 'opaque' | 'transparent';
  /** Draws the partial image of an index, as a file of the same format. */
  partial(index: number): Promise<Buffer>;
}

/** Makes the `position`-th picture of an order. The same order and position give the same bytes. */
export async function develop(order: Order, position: number): Promise<Developed> {
  // Far apart, so that the second picture of one seed is not the first of the next.
  const seed = (order.seed + position * 0x9e3779b1) >>> 0;
  if (order.format === 'svg') {
    const file = drawSvg(order.prompt, order.width, order.height, seed);
    return { file, background: 'opaque', partial: () => Promise.resolve(file) };
  }
  const painting = await paint(order, seed);
  const picture = await grounded(order, painting.picture);
  if (order.format === 'gif') {
    const file = await animate(picture, order.frames, order.frameDuration, seed);
    return { file, background: 'opaque', partial: () => Promise.resolve(file) };
  }
  const { format, compression } = order;
  return {
    file: await encode(picture, format, compression),
    background: picture.channels === 4 && alphaOf(picture).some((alpha) => alpha < 255) ? 'transparent' : 'opaque',
    partial: async (index) =>
      encode(await partialOf(picture, index, order.partials, painting.region, painting.under), format, compression),
  };
}

interface Painting {
  picture: Pixels;
  /** Where an edit paints, and what stands around it. */
  region: Weights | null;
  under: Pixels | null;
}

async function paint(order: Order, seed: number): Promise<Painting> {
  const { prompt, width, height, inputs } = order;
  if (!inputs) {
    const transparent = wantsTransparency(order);
    return { picture: await print({ prompt, seed, width, height, transparent }), region: null, under: null };
  }
  const base = await pixelsOf(fitted(inputs.first, width, height));
  if (order.operation === 'variation')
    return { picture: await kinOf(base, width, height, seed), region: null, under: null };
  const region = await regionOf(order, inputs);
  const repainted = await repaint({ prompt, seed, base, region, palette: inputs.second });
  const picture = region && inputs.mask ? drifted(repainted, region, seed) : repainted;
  return { picture, region, under: region ? base : null };
}

/** Without a mask the transparent part of dall-e-2's one picture is its mask. */
function regionOf({ width, height, model }: Order, { mask, markup, first }: Inputs): Promise<Weights | null> {
  if (mask) return regionOfMask(fittedLike(mask, width, height), width, height);
  if (markup) return regionOfMarkup(fittedLike(markup, width, height), width, height);
  if (!model.streaming && first.channels === 4) return regionOfMask(first, width, height);
  return Promise.resolve(null);
}

/** Cut, not stretched, to the shape of the answer; unchanged where it has that size. */
function fitted(picture: Pixels, width: number, height: number) {
  if (picture.width === width && picture.height === height) return sharpFrom(picture);
  return sharpFrom(picture).resize(width, height, { fit: 'cover', kernel: 'cubic' });
}

/** A mask or markup cut to the same middle that {@link fitted} leaves of the first image. */
function fittedLike(overlay: Pixels, width: number, height: number): Pixels {
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

function wantsTransparency({ background, prompt, model, format }: Order): boolean {
  if (background !== 'auto') return background === 'transparent';
  const possible = model.backgrounds.includes('transparent') && (format === 'png' || format === 'webp');
  return possible && /\btransparent\b/iu.test(prompt);
}

/** The picture on the ground that was asked for: opaque, or, for an edit that wants transparency, cut out or opened where the mask was. */
async function grounded(order: Order, picture: Pixels): Promise<Pixels> {
  const transparent = wantsTransparency(order);
  if (!transparent) {
    if (picture.channels === 3 || (order.background === 'auto' && order.format !== 'jpeg' && order.format !== 'gif'))
      return picture;
    return pixelsOf(sharpFrom(picture).flatten({ background: '#ffffff' }));
  }
  if (!order.inputs || (picture.channels === 4 && alphaOf(picture).includes(0))) return picture;
  const region = await regionOf(order, order.inputs);
  return region ? withAlpha(picture, Buffer.from(region.data.map((share) => 255 - share))) : cutAway(picture);
}
