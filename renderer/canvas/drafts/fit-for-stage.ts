import type { StudioApi } from '../../../electron/contract/api.ts';
import type { InputPicture } from '../../../electron/contract/entities.ts';
import { USEFUL_EDGE } from '../../../electron/contract/rules/input-fixes.ts';

/** What stands on the stage: upright, still, and of a kind that every model takes. Null: it is so already. */
export async function fitForStage(studio: StudioApi, picture: InputPicture): Promise<InputPicture> {
  const { sha256, orientation, frames, format } = picture;
  if (orientation === 1 && frames === 1 && format !== 'gif') return picture;
  const still = frames > 1 || format === 'gif' ? ({ format: 'png' } as const) : {};
  return studio.inputs.prepare({ sha256, ...still });
}

/** Larger than any model makes pictures: more than it can use, and slower to work on. */
export function isOversized({ width, height }: Pick<InputPicture, 'width' | 'height'>): boolean {
  return Math.max(width, height) > USEFUL_EDGE;
}

/** The size that an oversized picture would be scaled to. */
export function usefulSize({ width, height }: Pick<InputPicture, 'width' | 'height'>): {
  width: number;
  height: number;
} {
  const scale = USEFUL_EDGE / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

export function scaleToUseful(studio: StudioApi, { sha256 }: InputPicture): Promise<InputPicture> {
  return studio.inputs.prepare({ sha256, longestEdge: USEFUL_EDGE, format: 'png' });
}
