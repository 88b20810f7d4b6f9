import type { UnlistedOriginals } from '../../electron/contract/entities/settings.ts';
import { formatQuantity } from '../shared/format/counts.ts';

/** What is in the library's folder and not listed in the library. */
export function unlistedSentence({ count, folder }: UnlistedOriginals): string {
  const one = count === 1;
  const files = formatQuantity(count, 'image file');
  return `${files} in the library’s folder ${one ? 'isn’t' : 'aren’t'} listed in the library. ${one ? 'It is' : 'They are'} safe in ${folder}, and nothing was changed.`;
}
