/** Random numbers from a seed (xoshiro128**): the same seed gives the same numbers on every machine. Not for cryptography. */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    let mixed = seed >>> 0;
    // SplitMix32 spreads the seed over the state.
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
      return (word ^ (word >>> 15)) >>> 0;
    });
  }

  /** A whole number below 2^32. */
  word(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const turned = d ^ b;
    state[2] = c ^ a;
    state[3] = turned;
    state[1] = b ^ c ^ a;
    state[0] = a ^ turned;
    state[2] ^= b << 9;
    state[3] = (turned << 11) | (turned >>> 21);
    return result;
  }

  /** In [0, 1). */
  next(): number {
    return this.word() / 4_294_967_296;
  }

  /** A whole number in [0, end). */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** In [min, max). */
  between(min: number, max: number): number {
    return min + (max - min) * this.next();
  }

  /** True with a probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws for an empty list */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('Nothing to pick from.');
    return item;
  }

  /** An item, each with its own weight. @throws for an empty list */
  weighted<Item>(items: readonly (readonly [item: Item, weight: number])[]): Item {
    let left = this.next() * items.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    return this.pick(items)[0];
  }

  /** An index below `end`; the first ones are picked most often, as words of a language are (Zipf's law). */
  zipf(end: number): number {
    return Math.min(end - 1, Math.floor(Math.exp(this.next() * Math.log(end + 1))) - 1);
  }

  /** Lower-case hexadecimal digits of a number of bytes, a multiple of four. */
  hex(bytes: number): string {
    let text = '';
    for (let at = 0; at < bytes; at += 4) text += this.word().toString(16).padStart(8, '0');
    return text;
  }

  /** A UUIDv7 of a time (ms since 1970). */
  id(at: number): string {
    const time = Math.floor(at).toString(16).padStart(12, '0');
    const rest = this.hex(12);
    const variant = (8 + (parseInt(rest.charAt(3), 16) & 3)).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-${variant}${rest.slice(4, 7)}-${rest.slice(7, 19)}`;
  }
}
