import type { Tool } from '../tools/tool.ts';

/** Moves the image. The stage handles this itself while the tool is in use. */
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
