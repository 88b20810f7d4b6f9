import type { RestoreStep } from '../../library/restore/steps.ts';
import type { Restored } from '../../library/restore/restore-snapshot.ts';
import { quantity } from './rebuild-texts.ts';

/** What a restore does, as its progress names it. */
export const STEP_NAMES: Readonly<Record<RestoreStep, string>> = {
  copy: 'Copying the snapshot',
  migrate: 'Updating its format',
  records: 'Adding what was received or imported since',
  files: 'Comparing with the originals',
  prove: 'Checking the result',
  replace: 'Replacing the database',
};

/** What a restore has done, for a person: "The snapshot was restored. 3 requests and imports …". */
export function restoredSentence({ taken, unused, unlisted, kept }: Restored): string {
  const parts = ['The snapshot was restored.'];
  if (taken > 0) parts.push(`What was received or imported since was added from ${quantity(taken, 'record')}.`);
  if (unused > 0) parts.push(`${quantity(unused, 'record')} couldn’t be used and ${unused === 1 ? 'stays' : 'stay'}.`);
  if (unlisted > 0)
    parts.push(
      `${quantity(unlisted, 'image file')} ${unlisted === 1 ? 'isn’t' : 'aren’t'} listed; Check library can add them.`,
    );
  if (kept !== null) parts.push(`The replaced database is kept as ${kept}.`);
  return parts.join(' ');
}
