import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { OPEN_LIMITS, pixelsOf, type Pixels } from './pixels.ts';
import { randomBetween, type Random } from './random.ts';
import { findColour, countMatches } from './prompt-words.ts';

/** A photo that images are made from. `focus`: the point that must stay in the frame, as shares of width and height. */
export interface Photo {
  file: string;
  /** Width ÷ height. */
  ratio: number;
  focus: readonly [number, number];
  /** Maximum zoom of the crop; 1: the largest possible crop. */
  zoom: number;
  /** Colours and moods that this photo already shows. */
  tags: readonly string[];
  /** Hue of its main colour, degrees, for photos that may be recoloured. */
  hue?: number;
  /** Maximum random hue rotation in each direction, degrees. */
  turn: number;
}

/** A subject that a prompt can name. `cutout`: the same kind of object on a transparent background. */
export interface Subject {
  words: readonly string[];
  photos: readonly Photo[];
  cutout?: string;
}

const photoPixels = (
  file: string,
  ratio: number,
  focus: readonly [number, number],
  more: Partial<Photo> = {},
): Photo => ({
  file: `${file}.jpg`,
  ratio,
  focus,
  zoom: 1.22,
  tags: [],
  turn: 6,
  ...more,
});

export const SUBJECTS: readonly Subject[] = [
  {
    words: [
      'mountain',
      'alp',
      'alps',
      'peak',
      'snow',
      'glacier',
      'summit',
      'cirque',
      'ridge',
      'everest',
      'himalaya',
      'rock',
      'cliff',
      'panorama',
    ],
    photos: [
      photoPixels('alps-b', 1.5, [0.5, 0.5], { tags: ['white', 'day', 'winter', 'noon'] }),
      photoPixels('alps-c', 1.78, [0.5, 0.5], {
        tags: ['dawn', 'dusk', 'sunset', 'pink', 'first light', 'golden', 'sunrise', 'panorama'],
      }),
      photoPixels('alps-d', 0.75, [0.5, 0.45], { tags: ['grey', 'mist', 'cold', 'storm'] }),
    ],
  },
  {
    words: [
      'hill',
      'valley',
      'mist',
      'misty',
      'fog',
      'foggy',
      'haze',
      'layer',
      'landscape',
      'horizon',
      'sky',
      'sunrise',
      'countryside',
      'view',
    ],
    photos: [
      photoPixels('mtn-a', 1.5, [0.65, 0.45], { tags: ['dawn', 'sunrise', 'violet', 'purple', 'orange'], turn: 16 }),
      photoPixels('mtn-d', 1, [0.6, 0.45], { tags: ['pink', 'rose', 'dusk'], turn: 20 }),
    ],
  },
  {
    words: [
      'courtyard',
      'arch',
      'architecture',
      'building',
      'wall',
      'stair',
      'stairs',
      'step',
      'house front',
      'plaster',
      'barragán',
      'patio',
      'facade',
      'concrete',
      'room',
      'interior',
      'window',
      'door',
      'city',
      'street',
      'sunlit',
      'sphere',
    ],
    photos: [
      photoPixels('arch-h', 1.5, [0.55, 0.5], { tags: ['cobalt', 'blue', 'turquoise', 'cyan'], zoom: 1.12 }),
      photoPixels('arch-a', 1, [0.5, 0.5], { tags: ['terracotta', 'orange', 'red', 'warm'], zoom: 1.1 }),
    ],
  },
  {
    words: ['aurora', 'northern', 'polar', 'night', 'star', 'starry', 'arctic', 'lapland', 'iceland', 'midnight'],
    photos: [
      photoPixels('aurora-a', 1.5, [0.5, 0.45], { tags: ['green', 'teal', 'turquoise'], turn: 24 }),
      photoPixels('aurora-c', 0.75, [0.5, 0.4], { tags: ['violet', 'purple', 'pink'], turn: 24 }),
    ],
  },
  {
    words: [
      'flower',
      'bloom',
      'blossom',
      'dahlia',
      'peony',
      'petal',
      'garden',
      'botanical',
      'plant',
      'rosebud',
      'bouquet',
      'macro',
      'butterfly',
      'spring',
    ],
    photos: [
      photoPixels('bloom-a', 1, [0.52, 0.51], { tags: ['orange', 'salmon', 'coral'], hue: 16, turn: 40 }),
      photoPixels('bloom-c', 1.5, [0.49, 0.5], { tags: ['pink', 'rose', 'white', 'pale'], hue: 335, turn: 24 }),
    ],
    cutout: 'cut-bloom.webp',
  },
  {
    words: ['bokeh', 'lights', 'party', 'neon', 'festive', 'christmas', 'celebration', 'bubble'],
    photos: [photoPixels('bokeh-a', 1.5, [0.5, 0.5], { turn: 60, zoom: 1.4 })],
  },
  {
    words: [
      'bottle',
      'perfume',
      'product',
      'cosmetic',
      'shampoo',
      'plinth',
      'packaging',
      'bottles',
      'whisky',
      'lotion',
      'brand',
      'advert',
      'studio shot',
      'travertine',
    ],
    photos: [
      photoPixels('bottle-a', 0.75, [0.46, 0.52], { tags: ['amber', 'gold', 'orange', 'yellow', 'warm'], zoom: 1.12 }),
      photoPixels('bottle-b', 1, [0.5, 0.5], { tags: ['green', 'emerald'], zoom: 1.12 }),
      photoPixels('bottle-c', 0.75, [0.46, 0.52], { tags: ['blue', 'cobalt', 'white', 'cool'], zoom: 1.12 }),
    ],
  },
  {
    words: ['desert', 'dune', 'sand', 'sahara', 'camel', 'caravan', 'oasis', 'mars', 'arid', 'wind'],
    photos: [
      photoPixels('dunes-a', 1.5, [0.5, 0.55], { tags: ['warm', 'orange', 'golden', 'day'], turn: 10 }),
      photoPixels('dunes-c', 0.75, [0.5, 0.5], { tags: ['blue', 'night', 'moonlight', 'cool'], turn: 10 }),
    ],
  },
  {
    words: [
      'forest',
      'wood',
      'woods',
      'tree',
      'pine',
      'jungle',
      'leaf',
      'leaves',
      'grove',
      'path',
      'deer',
      'nature',
      'park',
    ],
    photos: [
      photoPixels('forest-a', 1.5, [0.5, 0.5], { tags: ['green', 'misty', 'spring', 'summer'], turn: 12 }),
      photoPixels('forest-c', 1, [0.5, 0.5], { tags: ['autumn', 'orange', 'golden', 'warm', 'brown'], turn: 8 }),
    ],
  },
  {
    words: [
      'abstract',
      'ink',
      'marble',
      'paint',
      'fluid',
      'liquid',
      'texture',
      'swirl',
      'pattern',
      'acrylic',
      'watercolour',
      'watercolor',
      'wallpaper',
    ],
    photos: [
      photoPixels('ink-b', 1.5, [0.5, 0.5], { tags: ['cyan', 'turquoise', 'blue'], hue: 190, turn: 180, zoom: 1.5 }),
      photoPixels('ink-c', 1, [0.5, 0.5], { tags: ['green', 'celadon', 'teal'], hue: 160, turn: 180, zoom: 1.5 }),
    ],
  },
  {
    words: [
      'isometric',
      'cottage',
      'house',
      'home',
      'cabin',
      'hut',
      'clay',
      'diorama',
      'lowpoly',
      'toy',
      'miniature',
      'render',
      '3d',
      'village',
      'farm',
    ],
    photos: [
      photoPixels('iso-a', 1, [0.5, 0.5], { tags: ['morning', 'day', 'noon', 'summer'], zoom: 1.04 }),
      photoPixels('iso-b', 1, [0.5, 0.5], { tags: ['night', 'dusk', 'evening', 'violet', 'indigo'], zoom: 1.04 }),
    ],
    cutout: 'cut-house.webp',
  },
  {
    words: [
      'paper',
      'papercut',
      'collage',
      'illustration',
      'poster',
      'flat',
      'minimal',
      'minimalist',
      'cut paper',
      'book',
      'cover',
      'graphic',
    ],
    photos: [
      photoPixels('paper-a', 1.5, [0.55, 0.4], { tags: ['yellow', 'gold', 'golden', 'ochre'], hue: 46, turn: 90 }),
      photoPixels('paper-b', 1, [0.5, 0.5], { tags: ['red', 'crimson', 'pink'], hue: 4, turn: 90 }),
      photoPixels('paper-c', 0.75, [0.5, 0.45], { tags: ['green', 'celadon', 'teal', 'emerald'], hue: 162, turn: 90 }),
    ],
  },
  {
    words: [
      'planet',
      'space',
      'saturn',
      'earth',
      'globe',
      'galaxy',
      'cosmos',
      'astronaut',
      'moon',
      'orbit',
      'world',
      'universe',
      'spaceship',
      'rocket',
      'sci',
      'ring',
    ],
    photos: [
      photoPixels('planet-a', 1.5, [0.5, 0.52], { tags: ['saturn', 'ring', 'gas', 'beige'], zoom: 1.1, turn: 14 }),
      photoPixels('planet-b', 1, [0.6, 0.54], { tags: ['earth', 'globe', 'world', 'blue'], zoom: 1.04, turn: 10 }),
    ],
    cutout: 'cut-planet.webp',
  },
  {
    words: [
      'sea',
      'ocean',
      'water',
      'beach',
      'coast',
      'wave',
      'sailing',
      'boat',
      'ship',
      'lake',
      'river',
      'otter',
      'fish',
      'surf',
      'sunset',
      'island',
      'seascape',
    ],
    photos: [
      photoPixels('sea-h', 1.5, [0.48, 0.5], { tags: ['sunset', 'dusk', 'dawn', 'pink', 'golden', 'warm'], turn: 8 }),
      photoPixels('sea-c', 1.5, [0.48, 0.5], { tags: ['storm', 'moon', 'grey', 'night', 'cool', 'blue'], turn: 8 }),
    ],
  },
  {
    words: [
      'still life',
      'still',
      'vase',
      'pear',
      'lemon',
      'fruit',
      'stoneware',
      'ceramic',
      'pottery',
      'table',
      'kitchen',
      'food',
      'olive branch',
      'jug',
      'glaze',
      'apple',
      'morandi',
      'lime',
    ],
    photos: [
      photoPixels('still-h', 1.5, [0.55, 0.6], { tags: ['orange', 'terracotta', 'warm', 'blue'], zoom: 1.15 }),
      photoPixels('still-a', 1.5, [0.55, 0.6], { tags: ['white', 'grey', 'limewashed', 'cool'], zoom: 1.15 }),
      photoPixels('still-d', 1.5, [0.55, 0.6], { tags: ['dark', 'black', 'evening'], zoom: 1.1 }),
      photoPixels('still-celadon', 1.5, [0.55, 0.6], { tags: ['celadon', 'green', 'sage'], zoom: 1.15 }),
    ],
  },
  {
    words: ['fox', 'animal', 'cat', 'dog', 'icon', 'logo', 'mascot', 'sticker', 'emoji', 'badge', 'vector'],
    photos: [],
    cutout: 'cut-fox.png',
  },
  { words: ['teapot', 'tea', 'pot', 'kettle', 'cup', 'coffee', 'mug'], photos: [], cutout: 'cut-teapot.png' },
];

/** Returns the subjects named by the prompt, those with most matching words first, then by position; [] if no word is known. */
export function subjectsIn(words: readonly string[]): Subject[] {
  const first = (subject: Subject): number => {
    const place = words.findIndex((word) => countMatches([word], subject.words) > 0);
    return place < 0 ? words.length : place;
  };
  return SUBJECTS.map((subject) => ({ subject, hits: countMatches(words, subject.words), first: first(subject) }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits || a.first - b.first)
    .map(({ subject }) => subject);
}

/** Returns the subject named by the prompt, otherwise a random one among those accepted by `fits`. */
export function pickSubject(
  words: readonly string[],
  random: Random,
  fits: (subject: Subject) => boolean = () => true,
): Subject {
  const spoken = subjectsIn(words).find(fits);
  if (spoken) return spoken;
  const suitable = SUBJECTS.filter(fits);
  const picked = suitable[Math.floor(random() * suitable.length)];
  if (!picked) throw new Error('No subject suits.');
  return picked;
}

/** Returns the photo of a subject that best matches the prompt, then the frame's shape, then randomly. */
export function pickPhoto(subject: Subject, words: readonly string[], ratio: number, random: Random): Photo | null {
  const colour = findColour(words)?.name;
  const rated = subject.photos.map((photo) => ({
    photo,
    score:
      3 * countMatches(words, photo.tags) +
      (colour !== undefined && photo.tags.includes(colour) ? 2 : 0) -
      Math.abs(Math.log(photo.ratio / ratio)) +
      randomBetween(random, 0, 1.1),
  }));
  return rated.sort((a, b) => b.score - a.score)[0]?.photo ?? null;
}

/** Walks up to the folder with package.json, which works from the source, the bundle and a packaged application. */
function findFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'electron/demo-api/photos');
    if (folder === dirname(folder)) throw new Error('The folder of the demo server’s negatives was not found.');
  }
}

const opened = new Map<string, Promise<Pixels>>();
/** Photos cached in memory, about 4 MB each. */
const KEPT = 8;

/**
 * Returns a photo's or cut-out's pixels. The file is read by Node, because libvips can't open files in the packaged application's
 * archive. The last few are cached and must not be modified.
 */
export function loadPhoto(file: string): Promise<Pixels> {
  const known = opened.get(file);
  opened.delete(file);
  const pixels = known ?? readFile(join(findFolder(), file)).then((bytes) => pixelsOf(sharp(bytes, OPEN_LIMITS)));
  // A failed read is retried the next time; the error is passed to the caller.
  pixels.catch(() => opened.delete(file));
  opened.set(file, pixels);
  for (const oldest of opened.keys()) {
    if (opened.size <= KEPT) break;
    opened.delete(oldest);
  }
  return pixels;
}
