import { inMood, lightByChance, lit, type Light } from './light.ts';
import { openNegative, pickNegative, pickSubject, type Negative } from './photos.ts';
import { alphaOf, blend, pixelsOf, sharpFrom, type Pixels } from './pixels.ts';
import { between, chanceFrom, type Chance } from './random.ts';
import { COLOURS, colourIn, wordsOf } from './prompt-words.ts';

export interface Wish {
  prompt: string;
  seed: number;
  width: number;
  height: number;
  transparent: boolean;
}

/** A new picture for a prompt: the words pick a plate, the seed its crop, side, light and colour. */
export async function print(wish: Wish): Promise<Pixels> {
  const words = wordsOf(wish.prompt);
  const chance = chanceFrom(wish.seed);
  const subject = pickSubject(words, chance, ({ cutout, negatives }) =>
    wish.transparent ? cutout !== undefined : negatives.length > 0 || cutout !== undefined,
  );
  const ratio = wish.width / wish.height;
  const negative = wish.transparent ? null : pickNegative(subject, words, ratio, chance);
  if (negative) return printNegative(negative, words, wish, chance);
  if (subject.cutout === undefined) throw new Error('A subject has neither a plate nor a cut-out.');
  const figure = await frameCutout(subject.cutout, wish.width, wish.height, chance);
  const light: Light = { ...inMood(lightByChance(chance, 14), words), vignette: 0, grain: 1.4 };
  return lit(wish.transparent ? figure : await onGround(figure, chance), light, wish.seed);
}

async function printNegative(
  negative: Negative,
  words: readonly string[],
  wish: Wish,
  chance: Chance,
): Promise<Pixels> {
  const plate = await openNegative(negative.file);
  // A frame of another shape than the plate's leaves no room to go closer.
  const room = Math.max(0, 1 - 2.5 * Math.abs(Math.log(negative.ratio / (wish.width / wish.height))));
  const closer = between(chance, 1, 1 + (negative.zoom - 1) * room);
  const crop = cropAround(plate, wish.width / wish.height, negative.focus, closer, chance);
  const scale = wish.width / crop.width;
  let pipeline = sharpFrom(plate).extract(crop);
  if (chance() < 0.5) pipeline = pipeline.flop();
  // A little crisper before a little enlargement; a great one has to stay smooth, or edges show their steps.
  if (scale > 1.2 && scale < 2)
    pipeline = sharpFrom(await pixelsOf(pipeline.sharpen({ sigma: 0.8, m1: 0.4, m2: 1.2 })));
  const kernel = scale < 2 ? 'lanczos3' : 'mitchell';
  const print = await pixelsOf(pipeline.resize(wish.width, wish.height, { fit: 'fill', kernel }));
  const light = inMood(lightByChance(chance, negative.turn), words, negative.tags);
  return lit(
    print,
    { ...light, hue: turnTo(negative, words) ?? light.hue, grain: light.grain + Math.min(scale, 4) * 0.5 },
    wish.seed,
  );
}

/** The turn that gives a plate the colour which the prompt names, for plates that take any; null where chance may decide. */
function turnTo(negative: Negative, words: readonly string[]): number | null {
  const colour = colourIn(words);
  if (!colour) return null;
  if (negative.tags.includes(colour.name)) return 0;
  return negative.hue === undefined ? null : ((colour.hue - negative.hue + 540) % 360) - 180;
}

/** The largest frame of a shape inside a plate, `closer` times smaller, that keeps `focus` inside. */
function cropAround(plate: Pixels, ratio: number, focus: readonly [number, number], closer: number, chance: Chance) {
  const fitting = Math.min(plate.width, plate.height * ratio);
  const width = Math.max(1, Math.floor(fitting / closer));
  const height = Math.max(1, Math.min(plate.height, Math.floor(width / ratio)));
  const place = (room: number, wanted: number): number => Math.round(Math.min(Math.max(wanted, 0), room));
  return {
    left: place(plate.width - width, plate.width * focus[0] - width * between(chance, 0.46, 0.54)),
    top: place(plate.height - height, plate.height * focus[1] - height * between(chance, 0.46, 0.54)),
    width,
    height,
  };
}

/** A cut-out in the middle of the frame, nothing around it. */
export async function frameCutout(file: string, width: number, height: number, chance: Chance): Promise<Pixels> {
  const cutout = await openNegative(file);
  const share = between(chance, 0.78, 0.9);
  let figure = sharpFrom(cutout);
  if (chance() < 0.5) figure = figure.flop();
  const fitted = await pixelsOf(
    figure.resize(Math.round(width * share), Math.round(height * share), { fit: 'inside', kernel: 'cubic' }),
  );
  const data = Buffer.alloc(width * height * 4);
  const left = Math.floor((width - fitted.width) / 2);
  const top = Math.floor((height - fitted.height) / 2);
  const row = fitted.width * 4;
  for (let y = 0; y < fitted.height; y++)
    fitted.data.copy(data, ((top + y) * width + left) * 4, y * row, (y + 1) * row);
  return { data, width, height, channels: 4 };
}

/** A figure on a smooth ground of one of the named colours, with a soft shadow under it. */
async function onGround(figure: Pixels, chance: Chance): Promise<Pixels> {
  const { width, height } = figure;
  const paints = [COLOURS.cream, COLOURS.celadon, COLOURS.rose, COLOURS.grey, COLOURS.ochre, COLOURS.teal];
  const [red, green, blue] = paints[Math.floor(chance() * paints.length)]?.rgb ?? [200, 200, 200];
  const small = 64;
  const shadow = await sharpFrom(figure)
    .extractChannel(3)
    .resize(small, small, { fit: 'fill' })
    .blur(2.4)
    .raw()
    .toBuffer();
  const ground = Buffer.alloc(small * small * 3);
  for (let pixel = 0; pixel < small * small; pixel++) {
    const y = Math.floor(pixel / small);
    // The light comes from above on the left, so the shadow lies a little lower on the right.
    const caster = shadow[Math.max(0, y - 3) * small + Math.max(0, (pixel % small) - 1)] ?? 0;
    const shade = (1.12 - (0.3 * y) / small) * (1 - 0.38 * (caster / 255));
    ground.set(
      [red * shade, green * shade, blue * shade].map((value) => Math.min(255, Math.round(value))),
      pixel * 3,
    );
  }
  const base = await pixelsOf(
    sharpFrom({ data: ground, width: small, height: small, channels: 3 }).resize(width, height, {
      fit: 'fill',
      kernel: 'cubic',
    }),
  );
  return blend(base, figure, { data: alphaOf(figure), width, height });
}
