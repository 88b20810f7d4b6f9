import type { MARK_COLOURS } from '../tools/ToolSettings.svelte.ts';

const NAMES: Readonly<Record<(typeof MARK_COLOURS)[number], string>> = {
  '#e23b2e': 'red',
  '#2f6fe4': 'blue',
  '#1f9d55': 'green',
  '#f2c230': 'yellow',
  '#ffffff': 'white',
  '#111111': 'black',
};

/** The name of a mark's colour; for other colours the hex value. */
export function colourName(colour: string): string {
  return Object.hasOwn(NAMES, colour) ? NAMES[colour as keyof typeof NAMES] : colour;
}
