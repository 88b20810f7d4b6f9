import type { SizeRule } from '../../../electron/contract/catalogue/models.ts';
import type { Camera, View } from '../../stage/camera.ts';
import type { Point, Rect } from '../../stage/geometry.ts';
import type { CanvasDocument } from '../document/CanvasDocument.svelte.ts';
import type { ToolSettings } from './ToolSettings.svelte.ts';

export const TOOLS = [
  'select',
  'hand',
  'brush',
  'eraser',
  'lasso',
  'polygon',
  'rectangle',
  'ellipse',
  'similar',
  'pen',
  'arrow',
  'box',
  'circle',
  'text',
  'crop',
  'extend',
] as const;
export type ToolName = (typeof TOOLS)[number];

/** One place of a pointer on the stage. */
export interface PointerSample {
  /** In pixels of the image on the stage; may lie beyond it. */
  point: Point;
  /** 0 to 1; 1 for what has none, as a mouse. */
  pressure: number;
}

/** What a tool learns of a pointer. */
export interface ToolPointer extends PointerSample {
  /** All places since the last call, oldest first; the last is the present one. */
  samples: readonly PointerSample[];
  type: 'mouse' | 'pen' | 'touch' | 'keyboard';
  shift: boolean;
  alt: boolean;
  mod: boolean;
  /** How many clicks in a row: 2 ends a polygon. */
  clicks: number;
}

/** What a tool works on. */
export interface ToolContext {
  readonly document: CanvasDocument;
  readonly settings: ToolSettings;
  readonly camera: Camera;
  readonly view: View;
  /** The sizes that the chosen model makes: the frame snaps to them. Null: any. */
  sizes(): SizeRule | null;
  /** The mask has changed there, in pixels of the image: the overlay is drawn anew. */
  touched(rect: Rect): void;
  /** The pixels of the image on the stage, once they are read; null before. */
  pixels(): ImageData | null;
  /** Says something to a screen reader. */
  announce(words: string): void;
}

/** A shape that is being drawn, in pixels of the image; drawn as an outline of constant width over the stage. */
export type Preview =
  { kind: 'rectangle' | 'ellipse'; rect: Rect } | { kind: 'path'; points: readonly Point[]; closed: boolean };

/**
 * A tool is a small state machine. It changes the document only through `document.commit`, once for each deed; what it shows meanwhile
 * goes away with `cancel`.
 */
export interface Tool {
  readonly name: ToolName;
  /** What is being drawn; read in a `$derived`. */
  readonly preview: Preview | null;
  /** True between the first touch and the commit: Escape cancels that, and nothing else is done meanwhile. */
  readonly busy: boolean;
  down(pointer: ToolPointer): void;
  move(pointer: ToolPointer): void;
  up(pointer: ToolPointer): void;
  /** Takes back what has been begun. */
  cancel(): void;
  /** Enter: ends what has no other end, a polygon for instance. */
  complete(): void;
  /** A key that the stage itself does not know. True: it was one of the tool's. */
  key?(event: KeyboardEvent): boolean;
}
