import type { Combine } from '../mask/mask-op.ts';

/** The six colours of the markup; the first is the one that nobody has chosen. */
export const MARK_COLOURS = ['#e23b2e', '#2f6fe4', '#1f9d55', '#f2c230', '#ffffff', '#111111'] as const;

/** How the tools are set. One for all drafts; kept with the page. */
export class ToolSettings {
  /** Diameter of brush and eraser, in pixels of the picture. */
  brushSize = $state(96);
  /** 0 to 1. */
  softness = $state(0.2);
  /** The pen's pressure changes the diameter. */
  pressure = $state(true);
  /** What shapes do; brush and eraser know it by themselves. */
  combine = $state<Combine>('add');
  /** Of the similar-colour tool: how far a channel may differ, 0 to 255. */
  tolerance = $state(24);
  /** Only what hangs together with the place that was clicked. */
  contiguous = $state(true);
  /** By how much grow, shrink and feather work, in pixels. */
  distance = $state(8);
  /** `#rrggbb`, of the marks. */
  colour = $state<string>(MARK_COLOURS[0]);
  /** Of a mark's line, in pixels of the picture. */
  lineWidth = $state(8);
  /** Height of a text, in pixels of the picture. */
  textSize = $state(48);
  /** Width to height of crop and extend; null: free. */
  ratio = $state<number | null>(null);
  /** How far the mask of an extended frame reaches into the picture, in its pixels: the seam is made anew. */
  overlap = $state(24);
}
