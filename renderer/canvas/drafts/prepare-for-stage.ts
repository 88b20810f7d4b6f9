import type { StudioApi } from '../../../electron/contract/api.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import { carriesPrivate } from '../../../electron/contract/rules/carried-metadata.ts';
import { MAX_USEFUL_EDGE } from '../../../electron/contract/rules/input-fixes.ts';

/**
 * Makes an image upright, still, of a format that every model supports, and with colours that a browser and a server read alike; the same
 * image if it is all that already.
 * @param strips whether private metadata is removed
 */
export async function prepareForStage(studio: StudioApi, image: InputImage, strips: boolean): Promise<InputImage> {
  const { sha256, orientation, frames, format, details } = image;
  const strip = strips && carriesPrivate(details);
  const converts = details?.colour === 'cmyk' || details?.colour === 'chunks';
  const becomesPng = frames > 1 || format === 'gif' || converts;
  if (orientation === 1 && !becomesPng && !strip) return image;
  return studio.inputs.prepare({ sha256, ...(becomesPng && { format: 'png' }), ...(strip && { strip }) });
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
