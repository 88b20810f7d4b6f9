import type { Random } from './random.ts';
import { ADJECTIVES, EMOJI, ENDINGS, FOREIGN, LIGHTS, pickRareName, PLACES, STYLES, THINGS } from './vocabulary.ts';

/** Prompts that a person uses again, so that prompts repeat as they do in a real library. */
const REMEMBERED = 24;

/** Composes prompts: most are new, many repeat or change one of the last ones. */
export class PromptWriter {
  readonly #random: Random;
  readonly #last: string[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** A prompt that names a subject. */
  write(subject: string): string {
    const random = this.#random;
    const known = this.#last.find((prompt) => prompt.includes(subject));
    if (known !== undefined && random.chance(0.4))
      return random.chance(0.6) ? known : this.#remember(this.#vary(known));
    if (random.chance(0.035)) return this.#remember(`${random.pick(FOREIGN)} ${subject}`);
    return this.#remember(this.#compose(subject));
  }

  /** What an edit asks for. */
  writeEdit(): string {
    const random = this.#random;
    const thing = THINGS[random.zipf(THINGS.length)] ?? '';
    const adjective = ADJECTIVES[random.zipf(ADJECTIVES.length)] ?? '';
    return random.pick([
      `Replace the ${thing} with a ${adjective} one`,
      `Remove the ${thing} and keep everything else`,
      `Make the background ${adjective}`,
      `Add a ${adjective} ${thing} on the left`,
      `Same scene, ${LIGHTS[random.zipf(LIGHTS.length)] ?? ''}, ${adjective}`,
      `Change the colour of the ${thing} to ${adjective}`,
    ]);
  }

  #compose(subject: string): string {
    const random = this.#random;
    const word = (list: readonly string[]): string => list[random.zipf(list.length)] ?? '';
    const parts = [
      `${word(STYLES)} ${word(ADJECTIVES)} ${subject}${random.chance(0.5) ? ` with a ${word(ADJECTIVES)} ${word(THINGS)}` : ''}`,
      word(PLACES),
    ];
    if (random.chance(0.8)) parts.push(word(LIGHTS));
    if (random.chance(0.45)) parts.push(`in the manner of ${pickRareName((end) => random.zipf(end))}`);
    const endings = random.zipf(6);
    for (let added = 0; added < endings; added += 1) parts.push(word(ENDINGS));
    if (random.chance(0.03)) parts.push(random.pick(EMOJI));
    return [...new Set(parts)].join(', ');
  }

  #vary(prompt: string): string {
    return `${prompt}, ${ENDINGS[this.#random.zipf(ENDINGS.length)] ?? ''}`;
  }

  #remember(prompt: string): string {
    this.#last.unshift(prompt);
    if (this.#last.length > REMEMBERED) this.#last.length = REMEMBERED;
    return prompt;
  }
}

/** A prompt as a model rewrote it. */
export function revise(prompt: string, random: Random): string {
  const detail = `${ADJECTIVES[random.zipf(ADJECTIVES.length)] ?? ''} ${THINGS[random.zipf(THINGS.length)] ?? ''}`;
  return `A carefully composed image: ${prompt}. In the foreground, a ${detail}; ${LIGHTS[random.zipf(LIGHTS.length)] ?? ''} throughout.`;
}
