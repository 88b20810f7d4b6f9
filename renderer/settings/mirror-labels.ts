import type { MirrorChoice, MirrorFolder, MirrorStatus } from '../../electron/contract/entities/mirror-folder.ts';
import type { Sha256 } from '../../electron/contract/entities/ids.ts';
import { nameByPattern, unknownTokens } from '../../electron/contract/rules/file-names.ts';
import { formatCount, formatQuantity } from '../shared/format/counts.ts';

const EXAMPLE = {
  createdAt: Date.UTC(2026, 11, 2, 14, 2, 10),
  prompt: 'A lighthouse at dusk',
  model: 'gpt-image-2.6-sunburst',
  width: 1024,
  height: 1024,
  quality: 'high',
  rating: 4,
  sha256: '3f9ac1d2' as Sha256,
};

/** A name that a pattern makes, and what of it means nothing: "For example: 2026-12-02 A lighthouse at dusk.png". */
export function nameExample(pattern: string): string {
  const example = `For example: ${nameByPattern(pattern, EXAMPLE, { counter: 12, offset: 0 })}.png`;
  const unknown = unknownTokens(pattern);
  return unknown.length === 0 ? example : `${example}. ${unknown.join(', ')} stays as it is.`;
}

/** What is copied, and how it is named: "Originals, named {date} {prompt}". */
export function choiceLine({ images, names }: MirrorChoice): string {
  return `${images === 'originals' ? 'Originals' : 'Copies with details'}, named ${names}`;
}

/** How far the mirror folder is: "1,204 images copied, 3 couldn’t be". Null where only its problem is to be said. */
export function mirrorLine({ paused }: MirrorFolder, status: MirrorStatus | undefined): string | null {
  const { done, total } = status ?? { done: null, total: null };
  if (done === null || total === null) return paused ? 'Paused.' : status ? null : 'Looking at the folder…';
  const far = `${formatCount(done)} of ${formatQuantity(total, 'image')}`;
  if (paused) return done === total ? `Paused. ${formatQuantity(done, 'image')} copied.` : `Paused. ${far} copied.`;
  if (status?.state === 'copying') return `Copying: ${far}.`;
  if (status?.state === 'waiting') return `${far} copied.`;
  if (total === 0) return 'No images to copy yet.';
  return `${formatQuantity(done, 'image')} copied${failedPart(status?.failed ?? 0)}.`;
}

function failedPart(failed: number): string {
  if (failed === 0) return '';
  return `, ${formatCount(failed)} couldn’t be: ${failed === 1 ? 'its file is' : 'their files are'} missing or damaged in the library. Check library names ${failed === 1 ? 'it' : 'them'}`;
}
