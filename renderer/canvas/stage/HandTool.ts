import type { Tool } from '../tools/tool.ts';

/** Moves the image. The stage does that itself for as long as this tool is chosen; there is nothing to draw. */
export const HAND: Tool = {
  name: 'hand',
  preview: null,
  busy: false,
  down: nothing,
  move: nothing,
  up: nothing,
  cancel: nothing,
  complete: nothing,
};

function nothing(): void {
  // Nothing is drawn.
}
