import type { UnlistedOriginals } from '../../electron/contract/entities/settings.ts';
import { formatQuantity } from '../shared/format/counts.ts';

/** What is in the library's folder and not in the library, as one sentence. */
export function unlistedSentence({ count, folder }: UnlistedOriginals): string {
  const one = count === 1;
  const files = formatQuantity(count, 'image file');
  return `The library doesn’t list ${files} in its folder; ${one ? 'it’s' : 'they’re'} safe in ${folder}, and nothing was changed.`;
}
