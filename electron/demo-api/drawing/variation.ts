import { lightByChance, lit } from './light.ts';
import { pixelsOf, resized, sharpFrom, type Pixels } from './pixels.ts';
import { between, chanceFrom } from './random.ts';

/** A variation: the same scene a step to the side, in another light. */
export async function kinOf(picture: Pixels, width: number, height: number, seed: number): Promise<Pixels> {
  const chance = chanceFrom(seed);
  const share = between(chance, 0.8, 0.94);
  const crop = {
    width: Math.max(1, Math.floor(picture.width * share)),
    height: Math.max(1, Math.floor(picture.height * share)),
  };
  let scene = sharpFrom(picture).extract({
    ...crop,
    left: Math.floor((picture.width - crop.width) * chance()),
    top: Math.floor((picture.height - crop.height) * chance()),
  });
  if (chance() < 0.35) scene = scene.flop();
  const light = lightByChance(chance, 24);
  return lit(await resized(await pixelsOf(scene), width, height), { ...light, warmth: light.warmth * 1.6 }, seed);
}
