import type { Profile } from '../entities/profiles.ts';
import type { JobRequest } from '../entities/requests.ts';
import { DEFAULT_MODEL, findModel, MODELS, type Model } from '../catalogue/models.ts';

type ProbedProfile = Pick<Profile, 'id' | 'deployments' | 'found'>;
type CreateRequest = Extract<JobRequest, { operation: 'create' }>;

/**
 * Returns the request for the only image that a probe may create: the server's cheapest known model, streamed with one partial image.
 * Unsupported parameters are dropped when it is sent.
 */
export function buildProbeRequest(profile: ProbedProfile, now: number): CreateRequest {
  const model = findModel(cheapestModel(profile, now));
  return {
    operation: 'create',
    profileId: profile.id,
    parameters: {
      prompt: 'A small grey square on a white ground.',
      model: model.name,
      n: 1,
      size: smallestSize(model),
      ...(model.qualities.includes('low') && { quality: 'low' as const }),
      stream: true,
      partial_images: 1,
    },
  };
}

/** The model with the cheapest output among the server's models that aren't shut down; otherwise the most likely name. */
function cheapestModel({ deployments, found }: ProbedProfile, now: number): string {
  const pairs = Object.keys(deployments);
  const names = pairs.length > 0 ? pairs : (found?.models ?? []);
  const offered = MODELS.filter((model) => names.includes(model.name) && model.operations.includes('create'));
  const available = offered.filter(({ shutdown }) => shutdown === null || Date.parse(shutdown) > now);
  const price = (model: Model): number => model.prices?.imageOut ?? Infinity;
  const [cheapest] = (available.length > 0 ? available : offered).toSorted((one, other) => price(one) - price(other));
  return (
    cheapest?.name ?? names.find((name) => /image|dall|diffusion|flux|sd/iu.test(name)) ?? names[0] ?? DEFAULT_MODEL
  );
}

/** The size with the fewest pixels; 1024x1024 if the model is unknown. */
function smallestSize({ sizes, known }: Model): string {
  if (!known) return '1024x1024';
  if (sizes.kind === 'free') {
    const edge = Math.ceil(Math.sqrt(sizes.minPixels) / sizes.multipleOf) * sizes.multipleOf;
    return `${edge}x${edge}`;
  }
  const pixels = (size: string): number => size.split('x').reduce((product, edge) => product * Number(edge), 1);
  return (
    sizes.sizes.filter((size) => size !== 'auto').toSorted((one, other) => pixels(one) - pixels(other))[0] ?? 'auto'
  );
}
