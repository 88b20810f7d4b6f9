import { createHash, randomInt } from 'node:crypto';

/** Returns the next number in [0, 1); deterministic by seed. */
export type Random = () => number;

/** Mulberry32, a small, fast generator; not cryptographic. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function randomBetween(random: Random, min: number, max: number): number {
  return min + (max - min) * random();
}

/** The first 32 bits of a text's SHA-256. */
function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32LE(0);
}

/** Returns the seed of a request: from `seed:N` in the prompt, otherwise random. */
export function seedOf(prompt: string): number {
  const fixed = /\bseed:(\d{1,9})\b/iu.exec(prompt);
  const salt = fixed ? `fixed ${fixed[1]}` : `random ${randomInt(2 ** 32)}`;
  return hashOf(`${salt}\n${prompt}`);
}
