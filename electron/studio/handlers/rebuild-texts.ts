import type { ErrorReport } from '../../contract/errors/errors.ts';
import type { Rebuilt } from '../../library/rebuild/rebuild-library.ts';

/** Whether a library that couldn't be opened may be rebuilt from its records. */
export function canRebuild({ code, detail }: ErrorReport): boolean {
  if (detail?.kind === 'library-incomplete') return detail.state !== 'gone';
  return code === 'library-damaged';
}

/** What a rebuild has brought back, for a person: "12,846 images were restored …". */
export function rebuiltSentence({ restored, unused, missingFiles, unlistedFiles, kept }: Rebuilt): string {
  const parts = [
    `${quantity(restored.images, 'image')} and ${quantity(restored.requests, 'request')} were restored from the library’s records.`,
  ];
  if (unused > 0)
    parts.push(
      `${quantity(unused, 'record')} couldn’t be read and stay${unused === 1 ? 's' : ''} as ${unused === 1 ? 'it is' : 'they are'}.`,
    );
  if (missingFiles > 0)
    parts.push(`${quantity(missingFiles, 'file')} named in the records ${missingFiles === 1 ? 'is' : 'are'} missing.`);
  if (unlistedFiles > 0)
    parts.push(
      `${quantity(unlistedFiles, 'image file')} ${unlistedFiles === 1 ? 'has' : 'have'} no record and stay${unlistedFiles === 1 ? 's' : ''} in the originals folder.`,
    );
  if (kept !== null) parts.push(`The old database is kept as ${kept}.`);
  return parts.join(' ');
}

/** "1 image", "12,846 images". */
export function quantity(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
