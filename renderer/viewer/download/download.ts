import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import { fileNameOf, strictFileNames } from './file-name.ts';
import { strictResultOf, type StrictVariant } from '../model/StrictView.svelte.ts';

/** The file that the stage shows, as a download. */
export interface ImageDownload {
  href: string;
  fileName: string;
  words: string;
  /** The original file, as received. */
  original: boolean;
}

export function downloadOf(record: ImageRecord, variant: StrictVariant, { imageBase }: HostInfo): ImageDownload {
  const made = strictResultOf(record);
  const names = strictFileNames(record);
  const original = { href: `${imageBase}/original/${record.id}`, fileName: fileNameOf(record), original: true };
  if (made === null) return { ...original, words: 'Download original' };
  if (variant === 'raw') return { ...original, words: 'Download original response' };
  return variant === 'made'
    ? { href: `${imageBase}/input/${made.sha256}`, fileName: names.made, words: 'Download', original: false }
    : { href: `${imageBase}/heat/${record.id}`, fileName: names.heat, words: 'Download heat map', original: false };
}
