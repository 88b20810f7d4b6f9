import { withMood, randomLight, applyLight, type Light } from './light.ts';
import { loadPhoto } from './load-photo.ts';
import { pickPhoto, pickSubject } from './pick-photo.ts';
import type { Photo } from './subjects.ts';
import { alphaOf, blend, pixelsOf, sharpFrom, type Pixels } from './pixels.ts';
import { randomBetween, createRandom, type Random } from './random.ts';
import { COLOURS, findColour, promptWords } from './prompt-words.ts';

export interface SceneOptions {
  prompt: string;
  seed: number;
  width: number;
  height: number;
  transparent: boolean;
}

/** Renders a new image: the prompt selects the photo, the seed its crop, mirroring, light and colour. */
export async function renderScene(options: SceneOptions): Promise<Pixels> {
  const words = promptWords(options.prompt);
  const random = createRandom(options.seed);
  const subject = pickSubject(words, random, ({ cutout, photos }) =>
    options.transparent ? cutout !== undefined : photos.length > 0 || cutout !== undefined,
  );
  const ratio = options.width / options.height;
  const photo = options.transparent ? null : pickPhoto(subject, words, ratio, random);
  if (photo) return renderPhoto(photo, words, options, random);
  if (subject.cutout === undefined) throw new Error('A subject has neither a plate nor a cut-out.');
  const figure = await frameCutout(subject.cutout, options.width, options.height, random);
  const light: Light = { ...withMood(randomLight(random, 14), words), vignette: 0, grain: 1.4 };
  return applyLight(options.transparent ? figure : await onGround(figure, random), light, options.seed);
}

async function renderPhoto(
  photo: Photo,
  words: readonly string[],
  options: SceneOptions,
  random: Random,
): Promise<Pixels> {
  const photoPixels = await loadPhoto(photo.file);
  // A frame shaped differently from the photo leaves no room to zoom in.
  const room = Math.max(0, 1 - 2.5 * Math.abs(Math.log(photo.ratio / (options.width / options.height))));
  const closer = randomBetween(random, 1, 1 + (photo.zoom - 1) * room);
  const crop = cropAround(photoPixels, options.width / options.height, photo.focus, closer, random);
  const scale = options.width / crop.width;
  let pipeline = sharpFrom(photoPixels).extract(crop);
  if (random() < 0.5) pipeline = pipeline.flop();
  // Sharpened before a slight enlargement; a strong one must stay smooth to avoid visible steps.
  if (scale > 1.2 && scale < 2)
    pipeline = sharpFrom(await pixelsOf(pipeline.sharpen({ sigma: 0.8, m1: 0.4, m2: 1.2 })));
  const kernel = scale < 2 ? 'lanczos3' : 'mitchell';
  const renderScene = await pixelsOf(pipeline.resize(options.width, options.height, { fit: 'fill', kernel }));
  const light = withMood(randomLight(random, photo.turn), words, photo.tags);
  return applyLight(
    renderScene,
    { ...light, hue: turnTo(photo, words) ?? light.hue, grain: light.grain + Math.min(scale, 4) * 0.5 },
    options.seed,
  );
}

/** The hue rotation to the colour named in the prompt, for photos that may be recoloured; null: random. */
function turnTo(photo: Photo, words: readonly string[]): number | null {
  const colour = findColour(words);
  if (!colour) return null;
  if (photo.tags.includes(colour.name)) return 0;
  return photo.hue === undefined ? null : ((colour.hue - photo.hue + 540) % 360) - 180;
}

/** The largest crop with the frame's shape, `closer` times smaller, that contains `focus`. */
function cropAround(
  photoPixels: Pixels,
  ratio: number,
  focus: readonly [number, number],
  closer: number,
  random: Random,
) {
  const fitting = Math.min(photoPixels.width, photoPixels.height * ratio);
  const width = Math.max(1, Math.floor(fitting / closer));
  const height = Math.max(1, Math.min(photoPixels.height, Math.floor(width / ratio)));
  const place = (room: number, wanted: number): number => Math.round(Math.min(Math.max(wanted, 0), room));
  return {
    left: place(photoPixels.width - width, photoPixels.width * focus[0] - width * randomBetween(random, 0.46, 0.54)),
    top: place(photoPixels.height - height, photoPixels.height * focus[1] - height * randomBetween(random, 0.46, 0.54)),
    width,
    height,
  };
}

/** Returns a cut-out centred in a transparent frame. */
export async function frameCutout(file: string, width: number, height: number, random: Random): Promise<Pixels> {
  const cutout = await loadPhoto(file);
  const share = randomBetween(random, 0.78, 0.9);
  let figure = sharpFrom(cutout);
  if (random() < 0.5) figure = figure.flop();
  const cropToFit = await pixelsOf(
    figure.resize(Math.round(width * share), Math.round(height * share), { fit: 'inside', kernel: 'cubic' }),
  );
  const data = Buffer.alloc(width * height * 4);
  const left = Math.floor((width - cropToFit.width) / 2);
  const top = Math.floor((height - cropToFit.height) / 2);
  const row = cropToFit.width * 4;
  for (let y = 0; y < cropToFit.height; y++)
    cropToFit.data.copy(data, ((top + y) * width + left) * 4, y * row, (y + 1) * row);
  return { data, width, height, channels: 4 };
}

/** Places a cut-out on a plain background in one of the named colours, with a soft shadow. */
async function onGround(figure: Pixels, random: Random): Promise<Pixels> {
  const { width, height } = figure;
  const paints = [COLOURS.cream, COLOURS.celadon, COLOURS.rose, COLOURS.grey, COLOURS.ochre, COLOURS.teal];
  const [red, green, blue] = paints[Math.floor(random() * paints.length)]?.rgb ?? [200, 200, 200];
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
    // The light comes from the top left, so the shadow is offset to the bottom right.
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
