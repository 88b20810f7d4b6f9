const words = (text: string): readonly string[] => text.trim().split(/\s*,\s*/u);

/** The first are the most frequent. */
export const ADJECTIVES = words(`
  soft, red, old, small, golden, dark, quiet, blue, misty, large, green, bright, weathered, delicate, wild, white, minimal, vast, warm, black,
  glossy, worn, geometric, lonely, crisp, pale, ornate, rusty, lush, translucent, velvet, abandoned, frosted, crimson, hand-painted, turquoise,
  brutalist, tangled, iridescent, sunlit, cobalt, fragile, mossy, striped, gilded, rain-soaked, baroque, asymmetric, sandblasted, pearlescent,
  café-brown, rosé, blasé, naïve, façade-like, jalapeño-green, über-detailed, crème, smörgåsbord-sized, Ångström-thin`);
export const THINGS = words(`
  light, window, table, glass, garden, street, river, portrait, chair, bottle, tree, bird, lamp, cup, door, boat, bridge, hand, mirror, stone,
  cat, book, curtain, stairway, bicycle, lighthouse, clock, train, umbrella, piano, vase, moth, lantern, kite, telescope, staircase, greenhouse,
  carousel, typewriter, compass, dovecote, sextant, astrolabe, samovar, gramophone, orangery, zoetrope, theodolite, hurdy-gurdy, épergne`);
export const PLACES = words(`
  in a studio, by the sea, at night, in the rain, on a white background, in the forest, at dawn, in a small kitchen, above the clouds, in the desert,
  in an old workshop, on a wooden table, in Lisbon, under water, in Kraków, on a rooftop, in a marble hall, behind frosted glass, in São Paulo,
  on the moon, in a railway station, in Zürich, among tall grass, in a library, near Reykjavík, in an empty theatre, in Đà Nẵng`);
export const LIGHTS = words(`
  soft light, golden hour, studio lighting, backlit, overcast, neon glow, candlelight, rim light, hard shadows, volumetric light, blue hour,
  dappled shade, moonlight, north light, tungsten, god rays, first light, flash, firelight, aurora`);
export const STYLES = words(`
  photo of, a, illustration of, the, product shot of, watercolour of, close-up of, isometric, poster with, line drawing of, oil painting of,
  aerial view of, macro of, logo with, linocut of, ukiyo-e of, blueprint of, paper cut of, cyanotype of, claymation of, risograph of, fresco of`);
export const ENDINGS = words(`
  highly detailed, 35mm, shallow depth of field, film grain, no text, wide angle, 85mm, muted colours, symmetrical, negative space, high contrast,
  pastel palette, bokeh, matte finish, editorial, long exposure, f/1.8, top-down, tilt-shift, cross-processed, monochrome, seamless, 4:5,
  Kodak Portra 400, double exposure, cinematic, chiaroscuro, halftone, kintsugi, sfumato`);
export const EMOJI = ['🦊', '🌊', '🍋', '🔥', '🌙', '🪴', '🏔️', '👩🏽‍🎨', '🇵🇹', '✨'] as const;

/** Prompts in other scripts. */
export const FOREIGN = [
  '一只狐狸坐在雪地里，柔和的晨光',
  '海边的灯塔，黄昏，长时间曝光',
  '山の上の古い寺、霧、朝の光',
  'ガラスの瓶と赤い花、静物画',
  '눈 덮인 산과 작은 집, 새벽',
  'منارة قديمة على البحر عند الغروب',
  'حديقة هادئة في ضوء القمر',
  'מגדלור ישן ליד הים בשקיעה',
  'समुद्र के किनारे एक पुराना घर',
  'Старый маяк у моря на рассвете, мягкий свет',
  'Ένα μικρό σπίτι δίπλα στη θάλασσα',
  'ป่าในสายหมอกยามเช้า',
  'Ein kleiner Leuchtturm über dem Nebel, Öl auf Leinwand',
  'Un jardín tranquilo después de la lluvia, luz cálida',
  'Une théière en porcelaine sur une table en chêne, lumière douce',
] as const;

const SYLLABLES = words(
  'ka, ro, mi, ven, tal, or, lu, shi, ba, ner, do, fel, ga, win, zo, pra, cel, mon, ith, ur, sa, bel, tor, an, ki, vel, ost, ra, lin, eph',
);
/** Rare words: names of places, people and makers, which make up most of a library's vocabulary and little of its text. */
const RARE_NAMES = 40_000;

/** The name with a number below {@link RARE_NAMES}: each its own. */
function rareName(index: number): string {
  const { length } = SYLLABLES;
  const at = (place: number): string => SYLLABLES[Math.floor(index / length ** place) % length] ?? '';
  const name = at(0) + at(1) + at(2) + (index >= length ** 3 ? at(3) : '');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A rare name; low numbers come most often. `zipf` returns an index below its argument. */
export function pickRareName(zipf: (end: number) => number): string {
  return rareName(zipf(RARE_NAMES));
}

export const TAG_GROUPS = words(`
  client, project, style, subject, status, season, colour, place, use, mood, campaign, product, print, web, series, archive, theme, material,
  audience, language`);
export const COLLECTION_NAMES = words(`
  Casa Azul, Autumn catalogue, Covers, Portfolio, Lighthouses, Red glass, Packaging, Wallpaper, Isometric city, Press kit, Mood board, Textures,
  Herbarium, Night series, Logo drafts, Book jackets, Teapots, Foxes, Posters, Postcards, Website, Exhibition, Calendar, Storyboard, Icons`);
export const NOTES = words(`
  Use this for the cover, Hands are wrong, Client likes the light, Crop tighter, Print at A3, Too dark on the left, Good base for edits,
  Compare with the May series, Needs a cleaner background, Approved, Ask Zoë about the colours, Second choice, Wrong lens, Keep the reflection`);
