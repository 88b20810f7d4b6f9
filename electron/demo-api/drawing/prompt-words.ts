/** Returns the prompt as lower-case words, without the server directives `seed:7` and `[demo:slow]`. */
export function promptWords(prompt: string): string[] {
  const about = prompt.toLowerCase().replaceAll(/\bseed:\d+\b|\[demo:[a-z-]+\]/gu, ' ');
  return about.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Counts the table's words in the prompt. Plurals match; two-word entries ("still life") count twice. */
export function countMatches(words: readonly string[], table: readonly string[]): number {
  const there = new Set(words.flatMap((word) => [word, word.replace(/s$/u, ''), word.replace(/es$/u, '')]));
  const text = ` ${words.join(' ')} `;
  return table.reduce((hits, entry) => {
    if (entry.includes(' ')) return hits + (text.includes(` ${entry} `) ? 2 : 0);
    return hits + (there.has(entry) ? 1 : 0);
  }, 0);
}

/** Colour names with their hue, degrees, and RGB value. */
export const COLOURS: Readonly<Record<string, { hue: number; rgb: readonly [number, number, number] }>> = {
  red: { hue: 2, rgb: [178, 44, 38] },
  crimson: { hue: 350, rgb: [160, 28, 52] },
  terracotta: { hue: 16, rgb: [190, 96, 62] },
  orange: { hue: 26, rgb: [226, 126, 44] },
  amber: { hue: 36, rgb: [222, 152, 44] },
  ochre: { hue: 38, rgb: [196, 146, 66] },
  gold: { hue: 44, rgb: [204, 164, 74] },
  golden: { hue: 44, rgb: [204, 164, 74] },
  yellow: { hue: 50, rgb: [226, 194, 62] },
  olive: { hue: 70, rgb: [122, 124, 62] },
  green: { hue: 130, rgb: [66, 128, 82] },
  emerald: { hue: 152, rgb: [32, 122, 92] },
  celadon: { hue: 150, rgb: [146, 180, 156] },
  teal: { hue: 182, rgb: [44, 122, 124] },
  turquoise: { hue: 178, rgb: [64, 172, 168] },
  cyan: { hue: 188, rgb: [66, 174, 196] },
  blue: { hue: 212, rgb: [58, 104, 168] },
  cobalt: { hue: 222, rgb: [38, 70, 156] },
  indigo: { hue: 236, rgb: [58, 60, 130] },
  violet: { hue: 268, rgb: [112, 82, 160] },
  purple: { hue: 284, rgb: [122, 70, 146] },
  magenta: { hue: 316, rgb: [178, 62, 136] },
  pink: { hue: 340, rgb: [214, 138, 158] },
  rose: { hue: 346, rgb: [204, 122, 136] },
  white: { hue: 40, rgb: [222, 218, 210] },
  cream: { hue: 40, rgb: [226, 212, 184] },
  grey: { hue: 210, rgb: [138, 140, 142] },
  gray: { hue: 210, rgb: [138, 140, 142] },
  black: { hue: 220, rgb: [44, 44, 48] },
  brown: { hue: 24, rgb: [118, 82, 58] },
};

/** Returns the first colour named in the prompt. */
export function findColour(
  words: readonly string[],
): { name: string; hue: number; rgb: readonly [number, number, number] } | null {
  for (const name of words) {
    const colour = Object.hasOwn(COLOURS, name) ? COLOURS[name] : undefined;
    if (colour) return { name, ...colour };
  }
  return null;
}
