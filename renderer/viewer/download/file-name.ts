import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';

/** The same for what a strict mask made of an image, and for its heat map. */
export function strictFileNames({ sha256 }: Pick<ImageRecord, 'sha256'>): { made: string; heat: string } {
  const name = sha256.slice(0, 12);
  return { made: `${name}-recomposited.png`, heat: `${name}-heat-map.webp` };
}

/** What an image's file is called when it is kept elsewhere, as another format where one is given. */
export function fileNameOf({ sha256, format }: Pick<ImageRecord, 'sha256' | 'format'>, as: string = format): string {
  return `${sha256.slice(0, 12)}.${as === 'jpeg' ? 'jpg' : as}`;
}
