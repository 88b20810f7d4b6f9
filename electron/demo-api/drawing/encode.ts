import type { OutputFormat } from '../../contract/catalogue/parameters.ts';
import { ownedBuffer, sharpFrom, type Pixels } from './pixels.ts';

export type StillFormat = Exclude<OutputFormat, 'gif' | 'svg'>;

export const MEDIA_TYPES: Readonly<Record<OutputFormat, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  svg: 'image/svg+xml',
};

/**
 * Encodes a still image. `compression` is the API's 0 to 100; 100, the default, keeps most quality. Low encoder effort, so the response
 * time depends on the pace setting and not on the encoder.
 */
export async function encode(pixels: Pixels, format: StillFormat, compression: number): Promise<Buffer> {
  // sharp's scale starts at 1; above 95 files grow without visible gain.
  const quality = Math.max(1, Math.round(compression * 0.95));
  const image = sharpFrom(pixels);
  if (format === 'jpeg')
    return ownedBuffer(await image.flatten({ background: '#ffffff' }).jpeg({ quality }).toBuffer());
  if (format === 'webp') return ownedBuffer(await image.webp({ quality, effort: 1 }).toBuffer());
  return ownedBuffer(await image.png({ compressionLevel: 2, adaptiveFiltering: true }).toBuffer());
}
