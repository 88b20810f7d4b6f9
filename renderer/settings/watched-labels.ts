import type { WatchedImport } from '../../electron/contract/entities/settings.ts';
import { formatQuantity } from '../shared/format/counts.ts';
import { formatDateTime } from '../shared/format/time.ts';

/** What the last look at the watched folder has brought: "4 images imported, 2 December 2026, 14:02". */
export function watchedLine({ at, imported, refused, readable }: WatchedImport): string {
  if (!readable) return 'This folder can’t be read now. Images are imported once it can.';
  const parts = [imported === 0 ? 'Nothing new' : `${formatQuantity(imported, 'image')} imported`];
  if (refused > 0) parts.push(`${formatQuantity(refused, 'file')} couldn’t be`);
  return `${parts.join(', ')}. ${formatDateTime(at)}.`;
}
