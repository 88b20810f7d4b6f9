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

/** A pointer position on the stage. */
export interface PointerSample {
  /** Image pixels; may lie outside the image. */
  point: Point;
  /** 0 to 1; 1 for pointers without pressure. */
  pressure: number;
}

/** A pointer event for tools. */
export interface ToolPointer extends PointerSample {
  /** All positions since the last call, oldest first; the last is the present one. */
  samples: readonly PointerSample[];
  type: 'mouse' | 'pen' | 'touch' | 'keyboard';
  shift: boolean;
  alt: boolean;
  mod: boolean;
  /** Number of consecutive clicks: 2 ends a polygon. */
  clicks: number;
}

/** What a tool works on. */
export interface ToolContext {
  readonly document: CanvasDocument;
  readonly settings: ToolSettings;
  readonly camera: Camera;
  readonly view: View;
  /** The sizes that the model supports: the frame snaps to them. Null: any. */
  sizes(): SizeRule | null;
  /** A part of the mask changed (image pixels): redraws the overlay. */
  touched(rect: Rect): void;
  /** The pixels of the image on the stage; null until they are read. */
  pixels(): ImageData | null;
  /** Announces something to screen readers. */
  announce(words: string): void;
}

/** The outline of a shape during a drag, image pixels. */
export type Preview =
  { kind: 'rectangle' | 'ellipse'; rect: Rect } | { kind: 'path'; points: readonly Point[]; closed: boolean };

/**
 * A tool is a small state machine. It changes the document only through `document.commit`, once for each gesture; what it shows meanwhile
 * disappears with `cancel`.
 */
export interface Tool {
  readonly name: ToolName;
  /** The outline to show; reactive. */
  readonly preview: Preview | null;
  /** True from press to commit: Escape cancels, and no other commands run. */
  readonly busy: boolean;
  down(pointer: ToolPointer): void;
  move(pointer: ToolPointer): void;
  up(pointer: ToolPointer): void;
  /** Cancels what was started. */
  cancel(): void;
  /** Enter: completes what was started, a polygon for example. */
  complete(): void;
  /** Handles a key. Returns whether it was used. */
  key?(event: KeyboardEvent): boolean;
}
