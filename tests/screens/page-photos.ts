import { join } from 'node:path';
import sharp from 'sharp';
import { THEMES } from './looks.ts';

/** The screenshots of docs/library.md and docs/keeping.md. */
const PHOTOS = [
  'library-grid-dark-1440',
  'library-inspector-dark-1440',
  'library-facets-dark-1440',
  'library-selection-dark-1440',
  'library-trash-dark-1440',
  'culling-dark-1440',
  'survey-5-dark-1440',
  'family-view-dark-1440',
  'library-prompts-dark-1440',
  'settings-snapshots-dark-1000',
  'settings-copied-light-1000',
  'import-report-dark-1000',
  'import-record-light-1000',
  'export-copies-light-1000',
  'export-sheet-dark-1000',
  'settings-mirrored-dark-1000',
  'settings-check-light-1000',
  'settings-quarantine-dark-1000',
  'low-space-shared-settings-light-1000',
] as const;

/** Whether a screenshot of that name, at that width or any, is on one of the pages. */
export function isOnPage(name: string, width?: number): boolean {
  return PHOTOS.some((photo) => THEMES.some((theme) => photo.startsWith(`${name}-${theme}-${width ?? ''}`)));
}

/** Puts the screenshots that were taken where the pages show them, as smaller files. */
export async function hangOnPages(from: string, to: string, taken: ReadonlySet<string>): Promise<void> {
  for (const photo of PHOTOS)
    if (taken.has(photo))
      await sharp(join(from, `${photo}.webp`))
        .webp({ quality: 72, effort: 6 })
        .toFile(join(to, `${photo}.webp`));
}
