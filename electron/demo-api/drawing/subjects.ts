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

/** A photo of the table, with the usual zoom and hue rotation. */
const photo = (file: string, ratio: number, focus: readonly [number, number], more: Partial<Photo> = {}): Photo => ({
  file: `${file}.jpg`,
  ratio,
  focus,
  zoom: 1.22,
  tags: [],
  turn: 6,
  ...more,
});

/** Subjects, their photos and cut-outs. */
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
      photo('alps-b', 1.5, [0.5, 0.5], { tags: ['white', 'day', 'winter', 'noon'] }),
      photo('alps-c', 1.78, [0.5, 0.5], {
        tags: ['dawn', 'dusk', 'sunset', 'pink', 'first light', 'golden', 'sunrise', 'panorama'],
      }),
      photo('alps-d', 0.75, [0.5, 0.45], { tags: ['grey', 'mist', 'cold', 'storm'] }),
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
      photo('mtn-a', 1.5, [0.65, 0.45], { tags: ['dawn', 'sunrise', 'violet', 'purple', 'orange'], turn: 16 }),
      photo('mtn-d', 1, [0.6, 0.45], { tags: ['pink', 'rose', 'dusk'], turn: 20 }),
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
      photo('arch-h', 1.5, [0.55, 0.5], { tags: ['cobalt', 'blue', 'turquoise', 'cyan'], zoom: 1.12 }),
      photo('arch-a', 1, [0.5, 0.5], { tags: ['terracotta', 'orange', 'red', 'warm'], zoom: 1.1 }),
    ],
  },
  {
    words: ['aurora', 'northern', 'polar', 'night', 'star', 'starry', 'arctic', 'lapland', 'iceland', 'midnight'],
    photos: [
      photo('aurora-a', 1.5, [0.5, 0.45], { tags: ['green', 'teal', 'turquoise'], turn: 24 }),
      photo('aurora-c', 0.75, [0.5, 0.4], { tags: ['violet', 'purple', 'pink'], turn: 24 }),
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
      photo('bloom-a', 1, [0.52, 0.51], { tags: ['orange', 'salmon', 'coral'], hue: 16, turn: 40 }),
      photo('bloom-c', 1.5, [0.49, 0.5], { tags: ['pink', 'rose', 'white', 'pale'], hue: 335, turn: 24 }),
    ],
    cutout: 'cut-bloom.webp',
  },
  {
    words: ['bokeh', 'lights', 'party', 'neon', 'festive', 'christmas', 'celebration', 'bubble'],
    photos: [photo('bokeh-a', 1.5, [0.5, 0.5], { turn: 60, zoom: 1.4 })],
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
      photo('bottle-a', 0.75, [0.46, 0.52], { tags: ['amber', 'gold', 'orange', 'yellow', 'warm'], zoom: 1.12 }),
      photo('bottle-b', 1, [0.5, 0.5], { tags: ['green', 'emerald'], zoom: 1.12 }),
      photo('bottle-c', 0.75, [0.46, 0.52], { tags: ['blue', 'cobalt', 'white', 'cool'], zoom: 1.12 }),
    ],
  },
  {
    words: ['desert', 'dune', 'sand', 'sahara', 'camel', 'caravan', 'oasis', 'mars', 'arid', 'wind'],
    photos: [
      photo('dunes-a', 1.5, [0.5, 0.55], { tags: ['warm', 'orange', 'golden', 'day'], turn: 10 }),
      photo('dunes-c', 0.75, [0.5, 0.5], { tags: ['blue', 'night', 'moonlight', 'cool'], turn: 10 }),
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
      photo('forest-a', 1.5, [0.5, 0.5], { tags: ['green', 'misty', 'spring', 'summer'], turn: 12 }),
      photo('forest-c', 1, [0.5, 0.5], { tags: ['autumn', 'orange', 'golden', 'warm', 'brown'], turn: 8 }),
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
      photo('ink-b', 1.5, [0.5, 0.5], { tags: ['cyan', 'turquoise', 'blue'], hue: 190, turn: 180, zoom: 1.5 }),
      photo('ink-c', 1, [0.5, 0.5], { tags: ['green', 'celadon', 'teal'], hue: 160, turn: 180, zoom: 1.5 }),
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
      photo('iso-a', 1, [0.5, 0.5], { tags: ['morning', 'day', 'noon', 'summer'], zoom: 1.04 }),
      photo('iso-b', 1, [0.5, 0.5], { tags: ['night', 'dusk', 'evening', 'violet', 'indigo'], zoom: 1.04 }),
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
      photo('paper-a', 1.5, [0.55, 0.4], { tags: ['yellow', 'gold', 'golden', 'ochre'], hue: 46, turn: 90 }),
      photo('paper-b', 1, [0.5, 0.5], { tags: ['red', 'crimson', 'pink'], hue: 4, turn: 90 }),
      photo('paper-c', 0.75, [0.5, 0.45], { tags: ['green', 'celadon', 'teal', 'emerald'], hue: 162, turn: 90 }),
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
      photo('planet-a', 1.5, [0.5, 0.52], { tags: ['saturn', 'ring', 'gas', 'beige'], zoom: 1.1, turn: 14 }),
      photo('planet-b', 1, [0.6, 0.54], { tags: ['earth', 'globe', 'world', 'blue'], zoom: 1.04, turn: 10 }),
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
      photo('sea-h', 1.5, [0.48, 0.5], { tags: ['sunset', 'dusk', 'dawn', 'pink', 'golden', 'warm'], turn: 8 }),
      photo('sea-c', 1.5, [0.48, 0.5], { tags: ['storm', 'moon', 'grey', 'night', 'cool', 'blue'], turn: 8 }),
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
      photo('still-h', 1.5, [0.55, 0.6], { tags: ['orange', 'terracotta', 'warm', 'blue'], zoom: 1.15 }),
      photo('still-a', 1.5, [0.55, 0.6], { tags: ['white', 'grey', 'limewashed', 'cool'], zoom: 1.15 }),
      photo('still-d', 1.5, [0.55, 0.6], { tags: ['dark', 'black', 'evening'], zoom: 1.1 }),
      photo('still-celadon', 1.5, [0.55, 0.6], { tags: ['celadon', 'green', 'sage'], zoom: 1.15 }),
    ],
  },
  {
    words: ['fox', 'animal', 'cat', 'dog', 'icon', 'logo', 'mascot', 'sticker', 'emoji', 'badge', 'vector'],
    photos: [],
    cutout: 'cut-fox.png',
  },
  { words: ['teapot', 'tea', 'pot', 'kettle', 'cup', 'coffee', 'mug'], photos: [], cutout: 'cut-teapot.png' },
];
