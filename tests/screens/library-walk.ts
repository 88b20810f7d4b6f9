import { join } from 'node:path';
import sharp from 'sharp';

/** The screenshots of docs/library.md. */
const WALK = [
  'library-grid-dark-1440',
  'library-inspector-dark-1440',
  'library-facets-dark-1440',
  'library-selection-dark-1440',
  'library-trash-dark-1440',
  'culling-dark-1440',
  'survey-5-dark-1440',
  'family-view-dark-1440',
  'library-prompts-dark-1440',
];

/** Whether a screenshot of that name, at that width or any, is in the document. */
export function isInLibraryWalk(name: string, width?: number): boolean {
  return WALK.some((photo) => ['dark', 'light'].some((theme) => photo.startsWith(`${name}-${theme}-${width ?? ''}`)));
}

/** Puts the screenshots where the document shows them, as smaller files. */
export async function hangLibraryWalk(from: string, to: string): Promise<void> {
  for (const photo of WALK)
    await sharp(join(from, `${photo}.webp`))
      .webp({ quality: 72, effort: 6 })
      .toFile(join(to, `${photo}.webp`));
}
