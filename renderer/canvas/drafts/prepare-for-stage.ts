import type { StudioApi } from '../../../electron/contract/api.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import { MAX_USEFUL_EDGE } from '../../../electron/contract/rules/input-fixes.ts';

/** Makes an image upright, still, and of a format that every model supports; the same image if it is all that already. */
export async function prepareForStage(studio: StudioApi, image: InputImage): Promise<InputImage> {
  const { sha256, orientation, frames, format } = image;
  if (orientation === 1 && frames === 1 && format !== 'gif') return image;
  const still = frames > 1 || format === 'gif' ? ({ format: 'png' } as const) : {};
  return studio.inputs.prepare({ sha256, ...still });
}

/** Whether an image is larger than any model supports. */
export function isOversized({ width, height }: Pick<InputImage, 'width' | 'height'>): boolean {
  return Math.max(width, height) > MAX_USEFUL_EDGE;
}

/** The size that an oversized image is scaled to. */
export function usableSize({ width, height }: Pick<InputImage, 'width' | 'height'>): {
  width: number;
  height: number;
} {
  const scale = MAX_USEFUL_EDGE / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

export function scaleToUsableSize(studio: StudioApi, { sha256 }: InputImage): Promise<InputImage> {
  return studio.inputs.prepare({ sha256, longestEdge: MAX_USEFUL_EDGE, format: 'png' });
}
