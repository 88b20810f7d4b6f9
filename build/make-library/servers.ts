import { findModel, type Model } from '../../electron/contract/catalogue/models.ts';
import type { Prices } from '../../electron/contract/catalogue/prices.ts';
import { tokenPrices } from '../../electron/contract/catalogue/prices.ts';
import type { Random } from './random.ts';

/** A profile that requests of a made library were sent with. */
export interface MadeServer {
  profileId: string;
  name: string;
  baseUrl: string;
  /** It bills nothing. */
  free: boolean;
}

const OPENAI: MadeServer = {
  profileId: '0198f0a0-0000-7000-8000-00000000a001',
  name: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  free: false,
};
const AZURE: MadeServer = {
  profileId: '0198f0a0-0000-7000-8000-00000000a002',
  name: 'Azure Sweden',
  baseUrl: 'https://studio-sweden.openai.azure.com/openai/v1',
  free: false,
};
const WORKSTATION: MadeServer = {
  profileId: '0198f0a0-0000-7000-8000-00000000a003',
  name: 'Workstation',
  baseUrl: 'http://192.168.1.20:8080/v1',
  free: true,
};
const DEMO: MadeServer = { profileId: 'demo', name: 'Demo', baseUrl: 'http://127.0.0.1:9/v1', free: true };

/** A model with the part of the three years in which it was used, 0 to 1, and how often. */
interface Use {
  model: string;
  from: number;
  to: number;
  weight: number;
}

/** Takes any size. */
const LOCAL_MODEL = 'flux-schnell';
const USES: readonly Use[] = [
  { model: 'dall-e-2', from: 0, to: 0.35, weight: 3 },
  { model: 'dall-e-3', from: 0, to: 0.5, weight: 6 },
  { model: 'gpt-image-1', from: 0.25, to: 0.8, weight: 10 },
  { model: 'gpt-image-1-mini', from: 0.35, to: 0.9, weight: 3 },
  { model: 'gpt-image-1.5', from: 0.55, to: 0.98, weight: 6 },
  { model: 'gpt-image-2', from: 0.6, to: 1, weight: 9 },
  { model: 'gpt-image-2.5-sunburst', from: 0.75, to: 1, weight: 10 },
  { model: 'gpt-image-2.5-flare', from: 0.75, to: 1, weight: 6 },
  { model: 'gpt-image-2.6-sunburst', from: 0.92, to: 1, weight: 16 },
  { model: 'gpt-image-2.6-flare', from: 0.92, to: 1, weight: 9 },
  { model: LOCAL_MODEL, from: 0, to: 1, weight: 2 },
];

/** What a request needs of its model. */
export interface Need {
  /** `1024x1024`. */
  size: string;
  transparent: boolean;
  operation: 'create' | 'edit' | 'variation';
  masked: boolean;
}

/** A model that fits, among those in use at `age` (0: three years ago, 1: now). */
export function pickModel(age: number, need: Need, random: Random): Model {
  const fitting = USES.filter(({ model, from, to }) => age >= from && age <= to && fits(findModel(model), need));
  return findModel(
    fitting.length === 0 ? LOCAL_MODEL : random.weighted(fitting.map(({ model, weight }) => [model, weight])),
  );
}

function fits(model: Model, { size, transparent, operation, masked }: Need): boolean {
  const { sizes } = model;
  if (!model.operations.includes(operation)) return false;
  if (masked && model.maskByteLimit === null) return false;
  if (transparent && !model.backgrounds.includes('transparent')) return false;
  if (sizes.kind === 'list') return sizes.sizes.includes(size);
  const [width = 0, height = 0] = size.split('x').map(Number);
  const pixels = width * height;
  return (
    Math.max(width, height) <= sizes.maxEdge &&
    Math.max(width / height, height / width) <= sizes.maxRatio &&
    pixels >= sizes.minPixels &&
    pixels <= sizes.maxPixels
  );
}

export function pickServer(model: Model, random: Random): MadeServer {
  if (!model.known) return WORKSTATION;
  return random.weighted([
    [OPENAI, 14],
    [AZURE, 4],
    [DEMO, 2],
  ]);
}

/** A model's prices; where none are known any more, a price per image. */
export function pricesOf(model: Model): Prices {
  return model.prices ?? tokenPrices({ perImage: model.name === 'dall-e-2' ? 0.02 : 0.04 });
}
