import type { Sha256 } from '../../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../../electron/contract/entities/inputs.ts';
import { CanvasDocument } from '../../../../renderer/canvas/document/CanvasDocument.svelte.ts';
import type { PointerSample, ToolContext, ToolPointer } from '../../../../renderer/canvas/tools/tool.ts';
import { ToolSettings } from '../../../../renderer/canvas/tools/ToolSettings.svelte.ts';
import type { Point, Rect } from '../../../../renderer/stage/geometry.ts';

/** An image that is on the stage. */
export function imageOf(width: number, height: number, change: Partial<InputImage> = {}): InputImage {
  return {
    sha256: 'a'.repeat(64) as Sha256,
    image: null,
    name: 'A bottle',
    format: 'png',
    bytes: 1000,
    width,
    height,
    orientation: 1,
    frames: 1,
    hasAlpha: false,
    thumbhash: null,
    changes: [],
    ...change,
  };
}

function documentOf(width: number, height: number): CanvasDocument {
  return new CanvasDocument(imageOf(width, height), { onsteps: () => undefined });
}

export interface Bench {
  context: ToolContext;
  document: CanvasDocument;
  settings: ToolSettings;
  said: string[];
  touched: Rect[];
  /** The mask as rows of # (marked) and dots. */
  mask(): string[];
}

/** What a tool works on: a real document with a real mask, at 100 %. */
export function bench({ width = 16, height = 12, pixels = null as ImageData | null } = {}): Bench {
  localStorage.clear();
  const document = documentOf(width, height);
  const settings = new ToolSettings();
  const [said, touched]: [string[], Rect[]] = [[], []];
  const context: ToolContext = {
    document,
    settings,
    camera: { scale: 1, centre: { x: width / 2, y: height / 2 } },
    view: { width: 600, height: 400, dpr: 1 },
    sizes: () => null,
    touched: (part) => touched.push(part),
    pixels: () => pixels,
    announce: (words) => said.push(words),
  };
  const mask = (): string[] =>
    Array.from({ length: height }, (_row, y) =>
      Array.from({ length: width }, (_column, x) =>
        (document.mask.coverage[y * width + x] ?? 0) >= 128 ? '#' : '.',
      ).join(''),
    );
  return { context, document, settings, said, touched, mask };
}

/** A pointer at a place. */
export function pointer(point: Point, change: Partial<ToolPointer> = {}): ToolPointer {
  const samples: PointerSample[] = [{ point, pressure: change.pressure ?? 1 }];
  const plain = { type: 'mouse', shift: false, alt: false, mod: false, clicks: 1 } as const;
  return { point, pressure: 1, samples, ...plain, ...change };
}
