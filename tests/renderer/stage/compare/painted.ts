import { onTestFinished } from 'vitest';
import type { ComparedSide } from '../../../../renderer/stage/compare/Comparison.svelte.ts';

/** The address of a PNG that is painted for one test. */
export async function painted(
  width: number,
  height: number,
  paint: (context: OffscreenCanvasRenderingContext2D) => void,
): Promise<string> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('There is no canvas.');
  paint(context);
  const src = URL.createObjectURL(await canvas.convertToBlob());
  onTestFinished(() => URL.revokeObjectURL(src));
  return src;
}

export function side(src: string, label: string, change: Partial<ComparedSide> = {}): ComparedSide {
  return { src, label, alt: label, width: 100, height: 50, thumbhash: null, alpha: false, ...change };
}
