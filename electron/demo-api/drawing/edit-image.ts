import { fillRegion } from './fill.ts';
import { tintRegion } from './tint.ts';
import { withMood, randomLight, applyLight, NEUTRAL_LIGHT } from './light.ts';
import { pickPhoto, subjectsIn } from './pick-photo.ts';
import type { Subject } from './subjects.ts';
import { alphaOf, blend, pixelsOf, sharpFrom, type Pixels, type Weights } from './pixels.ts';
import { frameCutout, renderScene } from './render-scene.ts';
import { boundingBox, featherRegion, type Box } from './region.ts';
import { randomBetween, createRandom, type Random } from './random.ts';
import { COLOURS, findColour, countMatches, promptWords } from './prompt-words.ts';

export interface EditOptions {
  prompt: string;
  seed: number;
  /** The first input, at the size of the output. */
  base: Pixels;
  /** The region to paint; null: everywhere. */
  region: Weights | null;
  /** A second input, whose colours are applied. */
  palette: Pixels | null;
}

const REMOVING = [
  'remove',
  'erase',
  'delete',
  'clear',
  'empty',
  'without',
  'clean',
  'continue',
  'extend',
  'outpaint',
  'fill',
  'uncrop',
];
const PLACING = ['add', 'put', 'place', 'insert', 'replace', 'turn', 'into', 'swap', 'with'];

/** Returns the edited image: the region is painted by the words of the prompt; outside it every byte equals the first input. */
export async function editImage(options: EditOptions): Promise<Pixels> {
  if (!options.region) return editWholeImage(options);
  const random = createRandom(options.seed);
  const box = boundingBox(options.region);
  if (!box) return options.base;
  const words = promptWords(options.prompt);
  const weights = await featherRegion(options.region);
  const painted = await paintInside(options, words, options.region, box, random);
  const light = {
    ...withMood(NEUTRAL_LIGHT, words),
    exposure: randomBetween(random, 0.99, 1.015),
    warmth: randomBetween(random, -0.04, 0.04),
    grain: 1.6,
  };
  // Where the first input is transparent (an extended frame), the new paint is fully opaque up to the edge.
  const alpha = alphaOf(options.base);
  const data = Buffer.from(
    weights.data.map((weight, at) => (options.region?.data[at] === 255 && alpha[at] === 0 ? 255 : weight)),
  );
  return blend(options.base, applyLight(painted, light, options.seed), { ...weights, data });
}

async function paintInside(
  options: EditOptions,
  words: string[],
  region: Weights,
  box: Box,
  random: Random,
): Promise<Pixels> {
  const { base } = options;
  const holed = alphaOf(base).some((alpha, at) => alpha === 0 && region.data[at] === 255);
  const colour = findColour(words);
  const placing = countMatches(words, PLACING) > 0;
  const [subject] = placing ? placedIn(words) : subjectsIn(words);
  if (countMatches(words, REMOVING) > 0) return fillRegion(base, region);
  // An extended frame continues the image regardless of the prompt, except for objects that the prompt places in it.
  if (subject && (placing || !(colour || holed)))
    return placeSubject(subject, words, options, await fillRegion(base, region), box, random);
  if (holed) return fillRegion(base, region);
  const names = Object.keys(COLOURS);
  const rgb = colour?.rgb ?? COLOURS[names[Math.floor(random() * names.length)] ?? 'teal']?.rgb ?? [44, 122, 124];
  return tintRegion(base, region, rgb);
}

/** The subjects to place: for "replace the bottle by a teapot" the teapot. */
function placedIn(words: readonly string[]): Subject[] {
  const last = words.findLastIndex((word) => word === 'by' || PLACING.includes(word));
  const named = subjectsIn(words.slice(last + 1));
  return named.length > 0 ? named : subjectsIn(words);
}

/** Places a subject in a box: its cut-out with a soft shadow, or, without a cut-out, a scene cropped to the box. */
async function placeSubject(
  subject: Subject,
  words: readonly string[],
  options: EditOptions,
  ground: Pixels,
  box: Box,
  random: Random,
): Promise<Pixels> {
  const under = ground.channels === 3 ? ground : await pixelsOf(sharpFrom(ground).removeAlpha());
  const photo = subject.cutout === undefined ? pickPhoto(subject, words, box.width / box.height, random) : null;
  const patch = photo
    ? await renderScene({
        prompt: options.prompt,
        seed: options.seed,
        width: box.width,
        height: box.height,
        transparent: false,
      })
    : await frameCutout(subject.cutout ?? 'cut-fox.png', box.width, box.height, random);
  const data = Buffer.from(under.data);
  const alpha = alphaOf(patch);
  for (let y = 0, from = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++, from++) {
      const share = (alpha[from] ?? 0) / 255;
      const at = ((box.top + y) * under.width + box.left + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const above = patch.data[from * patch.channels + channel] ?? 0;
        data[at + channel] = Math.round((data[at + channel] ?? 0) * (1 - share) + above * share);
      }
    }
  }
  return { ...under, data };
}

/** Edit without a mask: adds a subject, applies colours or changes the light; keeps the scene. */
async function editWholeImage(options: EditOptions): Promise<Pixels> {
  const words = promptWords(options.prompt);
  const random = createRandom(options.seed);
  const colour = findColour(words);
  const subject = subjectsIn(words).find(({ cutout }) => cutout !== undefined);
  let scene = options.base;
  if (options.palette) scene = await borrowColours(scene, options.palette);
  if (colour) scene = mixed(scene, tintRegion(scene, null, colour.rgb), 0.55);
  if (subject && countMatches(words, PLACING) > 0 && scene.channels === 3) {
    const edge = Math.round(Math.min(scene.width, scene.height) * randomBetween(random, 0.4, 0.52));
    const left = Math.round((scene.width - edge) * randomBetween(random, 0.15, 0.85));
    scene = await placeSubject(
      subject,
      words,
      options,
      scene,
      { left, top: scene.height - edge, width: edge, height: edge },
      random,
    );
  }
  const light = randomLight(random, 4);
  return applyLight(
    scene,
    {
      ...withMood(light, words),
      warmth: withMood(light, words).warmth * 0.9,
      vignette: 0.05,
      fall: light.fall * 0.6,
      grain: 1.2,
    },
    options.seed,
  );
}

function mixed(under: Pixels, over: Pixels, share: number): Pixels {
  const data = Buffer.alloc(under.width * under.height, Math.round(share * 255));
  return blend(under, over, { data, width: under.width, height: under.height });
}

/** Applies the mean and standard deviation of another image's colours. */
async function borrowColours(base: Pixels, palette: Pixels): Promise<Pixels> {
  const [mine, theirs] = await Promise.all([sharpFrom(base).stats(), sharpFrom(palette).stats()]);
  const scale: number[] = [];
  const shift: number[] = [];
  for (let channel = 0; channel < base.channels; channel++) {
    const ownedBuffer = mine.channels[channel];
    const other = channel < 3 ? theirs.channels[channel] : undefined;
    const factor =
      ownedBuffer && other ? Math.min(1.6, Math.max(0.6, other.stdev / Math.max(1, ownedBuffer.stdev))) : 1;
    scale.push(factor);
    shift.push(ownedBuffer && other ? other.mean - ownedBuffer.mean * factor : 0);
  }
  return mixed(base, await pixelsOf(sharpFrom(base).linear(scale, shift)), 0.7);
}
