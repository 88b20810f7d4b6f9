import { filled } from './fill.ts';
import { glazed } from './tint.ts';
import { inMood, lightByChance, lit, PLAIN_LIGHT } from './light.ts';
import { pickNegative, subjectsIn, type Subject } from './photos.ts';
import { alphaOf, blend, pixelsOf, sharpFrom, type Pixels, type Weights } from './pixels.ts';
import { frameCutout, print } from './render-scene.ts';
import { boxOf, feathered, type Box } from './region.ts';
import { between, chanceFrom, type Chance } from './random.ts';
import { COLOURS, colourIn, countHits, wordsOf } from './prompt-words.ts';

export interface EditWish {
  prompt: string;
  seed: number;
  /** The first input at the size of the answer. */
  base: Pixels;
  /** Where to paint; null paints everywhere. */
  region: Weights | null;
  /** A second input, whose colours are borrowed. */
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

/** An edit: inside the region it is painted as the prompt's words say; outside it every byte stays that of the first input. */
export async function repaint(wish: EditWish): Promise<Pixels> {
  if (!wish.region) return repaintWhole(wish);
  const chance = chanceFrom(wish.seed);
  const box = boxOf(wish.region);
  if (!box) return wish.base;
  const words = wordsOf(wish.prompt);
  const weights = await feathered(wish.region);
  const painted = await paintInside(wish, words, wish.region, box, chance);
  const light = {
    ...inMood(PLAIN_LIGHT, words),
    exposure: between(chance, 0.99, 1.015),
    warmth: between(chance, -0.04, 0.04),
    grain: 1.6,
  };
  // Where the first input has nothing (an extended frame), the new paint counts whole up to the edge.
  const alpha = alphaOf(wish.base);
  const data = Buffer.from(
    weights.data.map((weight, at) => (wish.region?.data[at] === 255 && alpha[at] === 0 ? 255 : weight)),
  );
  return blend(wish.base, lit(painted, light, wish.seed), { ...weights, data });
}

async function paintInside(
  wish: EditWish,
  words: string[],
  region: Weights,
  box: Box,
  chance: Chance,
): Promise<Pixels> {
  const { base } = wish;
  const holed = alphaOf(base).some((alpha, at) => alpha === 0 && region.data[at] === 255);
  const colour = colourIn(words);
  const placing = countHits(words, PLACING) > 0;
  const [subject] = placing ? placedIn(words) : subjectsIn(words);
  if (countHits(words, REMOVING) > 0) return filled(base, region);
  // An extended frame goes on as the picture does, whatever its words name; only a thing that is to be put there is put there.
  if (subject && (placing || !(colour || holed)))
    return placed(subject, words, wish, await filled(base, region), box, chance);
  if (holed) return filled(base, region);
  const names = Object.keys(COLOURS);
  const rgb = colour?.rgb ?? COLOURS[names[Math.floor(chance() * names.length)] ?? 'teal']?.rgb ?? [44, 122, 124];
  return glazed(base, region, rgb);
}

/** What is to be put there: of "replace the bottle by a teapot" the teapot. */
function placedIn(words: readonly string[]): Subject[] {
  const last = words.findLastIndex((word) => word === 'by' || PLACING.includes(word));
  const named = subjectsIn(words.slice(last + 1));
  return named.length > 0 ? named : subjectsIn(words);
}

/** A thing put into a box: its cut-out with a soft shadow, or, where it has none, a whole scene cut to the box. */
async function placed(
  subject: Subject,
  words: readonly string[],
  wish: EditWish,
  ground: Pixels,
  box: Box,
  chance: Chance,
): Promise<Pixels> {
  const under = ground.channels === 3 ? ground : await pixelsOf(sharpFrom(ground).removeAlpha());
  const negative = subject.cutout === undefined ? pickNegative(subject, words, box.width / box.height, chance) : null;
  const patch = negative
    ? await print({ prompt: wish.prompt, seed: wish.seed, width: box.width, height: box.height, transparent: false })
    : await frameCutout(subject.cutout ?? 'cut-fox.png', box.width, box.height, chance);
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

/** Without a mask: a thing is added, colours are borrowed or named, the light changes; the scene stays. */
async function repaintWhole(wish: EditWish): Promise<Pixels> {
  const words = wordsOf(wish.prompt);
  const chance = chanceFrom(wish.seed);
  const colour = colourIn(words);
  const subject = subjectsIn(words).find(({ cutout }) => cutout !== undefined);
  let scene = wish.base;
  if (wish.palette) scene = await borrowed(scene, wish.palette);
  if (colour) scene = mixed(scene, glazed(scene, null, colour.rgb), 0.55);
  if (subject && countHits(words, PLACING) > 0 && scene.channels === 3) {
    const edge = Math.round(Math.min(scene.width, scene.height) * between(chance, 0.4, 0.52));
    const left = Math.round((scene.width - edge) * between(chance, 0.15, 0.85));
    scene = await placed(
      subject,
      words,
      wish,
      scene,
      { left, top: scene.height - edge, width: edge, height: edge },
      chance,
    );
  }
  const light = lightByChance(chance, 4);
  return lit(
    scene,
    {
      ...inMood(light, words),
      warmth: inMood(light, words).warmth * 0.9,
      vignette: 0.05,
      fall: light.fall * 0.6,
      grain: 1.2,
    },
    wish.seed,
  );
}

function mixed(under: Pixels, over: Pixels, share: number): Pixels {
  const data = Buffer.alloc(under.width * under.height, Math.round(share * 255));
  return blend(under, over, { data, width: under.width, height: under.height });
}

/** The picture with the mean and spread of another one's colours. */
async function borrowed(base: Pixels, palette: Pixels): Promise<Pixels> {
  const [mine, theirs] = await Promise.all([sharpFrom(base).stats(), sharpFrom(palette).stats()]);
  const scale: number[] = [];
  const shift: number[] = [];
  for (let channel = 0; channel < base.channels; channel++) {
    const own = mine.channels[channel];
    const other = channel < 3 ? theirs.channels[channel] : undefined;
    const factor = own && other ? Math.min(1.6, Math.max(0.6, other.stdev / Math.max(1, own.stdev))) : 1;
    scale.push(factor);
    shift.push(own && other ? other.mean - own.mean * factor : 0);
  }
  return mixed(base, await pixelsOf(sharpFrom(base).linear(scale, shift)), 0.7);
}
