import type { PictureRecord } from '../../electron/contract/entities.ts';

/** What a picture's file is called when it is kept elsewhere, as another format where one is given. */
export function fileNameOf({ sha256, format }: Pick<PictureRecord, 'sha256' | 'format'>, as: string = format): string {
  return `${sha256.slice(0, 12)}.${as === 'jpeg' ? 'jpg' : as}`;
}
