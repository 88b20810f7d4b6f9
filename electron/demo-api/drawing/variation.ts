import { randomLight, applyLight } from './light.ts';
import { pixelsOf, resized, sharpFrom, type Pixels } from './pixels.ts';
import { randomBetween, createRandom } from './random.ts';

/** Returns a variation: the same scene, shifted and in another light. */
export async function drawVariation(image: Pixels, width: number, height: number, seed: number): Promise<Pixels> {
  const random = createRandom(seed);
  const share = randomBetween(random, 0.8, 0.94);
  const crop = {
    width: Math.max(1, Math.floor(image.width * share)),
    height: Math.max(1, Math.floor(image.height * share)),
  };
  let scene = sharpFrom(image).extract({
    ...crop,
    left: Math.floor((image.width - crop.width) * random()),
    top: Math.floor((image.height - crop.height) * random()),
  });
  if (random() < 0.35) scene = scene.flop();
  const light = randomLight(random, 24);
  return applyLight(
    await resized(await pixelsOf(scene), width, height),
    { ...light, warmth: light.warmth * 1.6 },
    seed,
  );
}
