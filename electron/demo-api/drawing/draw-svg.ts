import { randomBetween, createRandom, type Random } from './random.ts';
import { findColour, promptWords } from './prompt-words.ts';

/**
 * Returns an SVG of shapes, paths and gradients only: no scripts, styles, text or external references. Shows hills under a sun, or a
 * flower or fox if the prompt names one.
 */
export function drawSvg(prompt: string, width: number, height: number, seed: number): Buffer {
  const words = promptWords(prompt);
  const random = createRandom(seed);
  const hue = findColour(words)?.hue ?? Math.floor(random() * 360);
  const is = (...names: string[]): boolean => names.some((name) => words.includes(name) || words.includes(`${name}s`));
  const scene = is('fox', 'animal', 'icon', 'logo')
    ? fox
    : is('flower', 'bloom', 'blossom', 'plant', 'garden', 'petal')
      ? flower
      : hills;
  const shapes = scene({ width, height, hue, random });
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n${shapes.join('\n')}\n</svg>\n`,
  );
}

interface Sheet {
  width: number;
  height: number;
  hue: number;
  random: Random;
}

const hsl = (hue: number, saturation: number, lightness: number): string =>
  `hsl(${Math.round((hue + 360) % 360)},${Math.round(saturation)}%,${Math.round(lightness)}%)`;
const n = (value: number): string => String(Math.round(value * 10) / 10);

function sky(top: string, bottom: string): string {
  return `<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient></defs>\n<rect width="100%" height="100%" fill="url(#sky)"/>`;
}

function hills({ width, height, hue, random }: Sheet): string[] {
  const warm = hue + randomBetween(random, 150, 210);
  const radius = Math.min(width, height) * randomBetween(random, 0.08, 0.13);
  const sun = { x: width * randomBetween(random, 0.2, 0.8), y: height * randomBetween(random, 0.22, 0.36) };
  const shapes = [
    sky(hsl(hue, 42, 74), hsl(warm, 62, 88)),
    `<circle cx="${n(sun.x)}" cy="${n(sun.y)}" r="${n(radius * 1.7)}" fill="${hsl(warm, 80, 92)}" opacity=".45"/>`,
    `<circle cx="${n(sun.x)}" cy="${n(sun.y)}" r="${n(radius)}" fill="${hsl(warm, 84, 95)}"/>`,
  ];
  const layers = 6;
  for (let layer = 0; layer < layers; layer++) {
    const depth = layer / (layers - 1);
    shapes.push(
      `<path d="${ridge(width, height, height * (0.42 + 0.44 * depth), height * (0.1 + 0.05 * depth), random)}" fill="${hsl(hue + 14 * depth, 30 + 16 * depth, 68 - 50 * depth)}"/>`,
    );
  }
  return shapes;
}

/** A closed path along a line of hills, smoothed through the midpoints. */
function ridge(width: number, height: number, base: number, swing: number, random: Random): string {
  const count = 9;
  const points = Array.from({ length: count }, (_, index) => ({
    x: (width * index) / (count - 1),
    y: base + swing * randomBetween(random, -1, 1),
  }));
  const first = points[0] ?? { x: 0, y: base };
  const curve = points.slice(1).map((point, index) => {
    const from = points[index] ?? point;
    const middle = n((from.x + point.x) / 2);
    return `C${middle} ${n(from.y)} ${middle} ${n(point.y)} ${n(point.x)} ${n(point.y)}`;
  });
  return `M0 ${height} L0 ${n(first.y)} ${curve.join(' ')} L${width} ${height} Z`;
}

function flower({ width, height, hue, random }: Sheet): string[] {
  const size = Math.min(width, height);
  const shapes = [
    sky(hsl(hue + 140, 22, 30), hsl(hue + 140, 26, 20)),
    `<g transform="translate(${n(width / 2)} ${n(height / 2)})">`,
  ];
  const rings = 4;
  for (let ring = 0; ring < rings; ring++) {
    const petals = 13 - ring * 2;
    const reach = size * (0.45 - ring * 0.095);
    const start = randomBetween(random, 0, 40);
    for (let petal = 0; petal < petals; petal++) {
      const turn = start + (360 * petal) / petals + randomBetween(random, -4, 4);
      shapes.push(
        `<path d="M0 0 C${n(reach * 0.42)} ${n(-reach * 0.35)} ${n(reach * 0.36)} ${n(-reach)} 0 ${n(-reach)} C${n(-reach * 0.36)} ${n(-reach)} ${n(-reach * 0.42)} ${n(-reach * 0.35)} 0 0 Z" fill="${hsl(hue + 4 * ring, 58, 56 + ring * 6 + randomBetween(random, -3, 3))}" stroke="${hsl(hue, 40, 38)}" stroke-opacity=".35" stroke-width="${n(size / 400)}" transform="rotate(${n(turn)})"/>`,
      );
    }
  }
  for (let seed = 0; seed < 60; seed++) {
    const turn = seed * 2.39996;
    const reach = size * 0.0088 * Math.sqrt(seed);
    shapes.push(
      `<circle cx="${n(reach * Math.cos(turn))}" cy="${n(reach * Math.sin(turn))}" r="${n(size * 0.006)}" fill="${hsl(46, 84, 62 - seed / 3)}"/>`,
    );
  }
  return [...shapes, '</g>'];
}

function fox({ width, height, hue, random }: Sheet): string[] {
  const size = Math.min(width, height) / 100;
  const coat = 18 + randomBetween(random, -6, 8);
  const polygon = (points: string, fill: string): string => `<polygon points="${points}" fill="${fill}"/>`;
  return [
    sky(hsl(hue, 34, 80), hsl(hue, 34, 68)),
    `<g transform="translate(${n(width / 2)} ${n(height / 2)}) scale(${n(size * 10)}) scale(.1)">`,
    polygon('-34,-36 -8,-20 -30,4', hsl(coat, 76, 46)),
    polygon('34,-36 8,-20 30,4', hsl(coat, 76, 46)),
    polygon('-30,-29 -14,-19 -27,-4', hsl(coat, 58, 26)),
    polygon('30,-29 14,-19 27,-4', hsl(coat, 58, 26)),
    `<path d="M-31 0 C-22 -24 22 -24 31 0 L0 38 Z" fill="${hsl(coat, 80, 54)}"/>`,
    polygon('-31,0 -12,10 0,38', hsl(36, 60, 94)),
    polygon('31,0 12,10 0,38', hsl(36, 60, 94)),
    polygon('-12,10 0,2 12,10 0,38', hsl(coat, 74, 48)),
    `<circle cx="-13" cy="0" r="3.2" fill="#241a18"/><circle cx="13" cy="0" r="3.2" fill="#241a18"/>`,
    `<circle cx="-12" cy="-1.2" r=".9" fill="#fff"/><circle cx="14" cy="-1.2" r=".9" fill="#fff"/>`,
    polygon('-4.4,31 4.4,31 0,38.6', '#241a18'),
    '</g>',
  ];
}
