import type { Sha256 } from '../../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../../electron/contract/entities/inputs.ts';
import type { SizeRule } from '../../../../electron/contract/catalogue/models.ts';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import '../../../../renderer/app.css';
import { CanvasDocument } from '../../../../renderer/canvas/document/CanvasDocument.svelte.ts';
import type { Tool, ToolContext } from '../../../../renderer/canvas/tools/tool.ts';
import { ToolSettings } from '../../../../renderer/canvas/tools/ToolSettings.svelte.ts';
import { toView } from '../../../../renderer/stage/camera.ts';
import type { Point } from '../../../../renderer/stage/geometry.ts';
import { drag, type Place } from '../../stage/real-pointer.ts';
import ToolStage from './ToolStage.svelte';

export interface MountedTool<T extends Tool> {
  document: CanvasDocument;
  context: ToolContext;
  tool: T;
  said: string[];
  /** Where a place of the image is on the page. */
  place(point: Point): Place;
  /** A real drag of the mouse through places of the image. */
  pull(points: readonly Point[], how?: Parameters<typeof drag>[1]): Promise<void>;
}

const image: InputImage = {
  sha256: 'b'.repeat(64) as Sha256,
  image: null,
  name: 'A bottle',
  format: 'png',
  bytes: 1000,
  width: 1536,
  height: 1024,
  orientation: 1,
  frames: 1,
  hasAlpha: false,
  thumbhash: null,
  changes: [],
};

interface Setting {
  sizes?: SizeRule | null;
  /** Device pixels for one of the image. */
  scale?: number;
  src?: string;
}

/** A tool on a stage of 960 × 560, over an image of 1536 × 1024, under real pointers and keys. */
export async function mountTool<T extends Tool>(
  make: (context: ToolContext) => T,
  { sizes = null, scale = 0.3125, src }: Setting = {},
): Promise<MountedTool<T>> {
  const document = new CanvasDocument(image, { onsteps: () => undefined });
  const said: string[] = [];
  const view = { width: 960, height: 560, dpr: 1 };
  const camera = { scale, centre: { x: 768, y: 512 } };
  const context: ToolContext = {
    document,
    settings: new ToolSettings(),
    camera,
    view,
    sizes: () => sizes,
    touched: () => undefined,
    pixels: () => null,
    announce: (words) => said.push(words),
  };
  const tool = make(context);
  await render(ToolStage, { props: { context, tool, ...(src === undefined ? {} : { src }) } });
  const stage = page.getByRole('application', { name: 'Stage' });
  const place = (point: Point): Place => {
    const { left, top } = stage.element().getBoundingClientRect();
    const { x, y } = toView(camera, view, point);
    return { x: left + x, y: top + y };
  };
  return { document, context, tool, said, place, pull: (points, how) => drag(points.map(place), how) };
}

export function focusStage(): void {
  const stage = page.getByRole('application', { name: 'Stage' }).element();
  if (stage instanceof HTMLElement) stage.focus();
}
