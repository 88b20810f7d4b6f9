/** Codes above this one would not fit their column; images with such a value count as having another, unnamed one. */
const MAX_CODE = 65_535;

/** Numbers for the texts of a column. Code 0 is '', which stands for no value. */
export class Dictionary {
  readonly #codes = new Map<string, number>();
  readonly values: string[] = [];

  constructor(values: readonly string[] = ['']) {
    for (const value of values) this.code(value);
  }

  /** The text's code; a new one if it hasn't any. */
  code(value: string): number {
    const known = this.#codes.get(value);
    if (known !== undefined) return known;
    const code = this.values.length;
    if (code > MAX_CODE) return MAX_CODE;
    this.values.push(value);
    this.#codes.set(value, code);
    return code;
  }

  /** The codes of the texts that pass, marked in an array by code. */
  where(passes: (value: string) => boolean): Uint8Array {
    return Uint8Array.from(this.values, (value) => (passes(value) ? 1 : 0));
  }
}
