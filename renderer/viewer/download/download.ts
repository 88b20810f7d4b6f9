import type { HostInfo, PictureRecord } from '../../../electron/contract/entities.ts';
import { fileNameOf, strictFileNames } from './file-name.ts';
import { strictResultOf, type StrictVariant } from '../model/StrictView.svelte.ts';

/** What a download gives: what is looked at. */
export interface PictureDownload {
  href: string;
  fileName: string;
  words: string;
  /** It is the original, as it came. */
  original: boolean;
}

export function downloadOf(record: PictureRecord, look: StrictVariant, { pictureBase }: HostInfo): PictureDownload {
  const made = strictResultOf(record);
  const names = strictFileNames(record);
  const original = { href: `${pictureBase}/original/${record.id}`, fileName: fileNameOf(record), original: true };
  if (made === null) return { ...original, words: 'Download original' };
  if (look === 'raw') return { ...original, words: 'Download raw answer' };
  return look === 'made'
    ? { href: `${pictureBase}/input/${made.sha256}`, fileName: names.made, words: 'Download', original: false }
    : { href: `${pictureBase}/heat/${record.id}`, fileName: names.heat, words: 'Download heat map', original: false };
}
