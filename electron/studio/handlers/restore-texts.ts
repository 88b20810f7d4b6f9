import type { RestoreStep } from '../../library/restore/steps.ts';
import type { Restored } from '../../library/restore/restore-snapshot.ts';
import type { Restorable } from '../../library/snapshots/find-restorable.ts';
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

/** "the snapshot of 2 December 2026 at 10:30 (12,846 images)", in this computer's time. */
export function snapshotLabel({ madeAt, images }: Restorable): string {
  const at = new Date(madeAt).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
  return `the snapshot of ${at} (${quantity(images, 'image')})`;
}

/** What a rebuild and a snapshot would each bring back, for the person who has to choose. */
export function choiceSentences(snapshot: Restorable): string {
  return [
    'Rebuild from records brings back what the records say, to the last one: images, ratings, tags, notes, collections and saved prompts. Canvas drafts aren’t in it.',
    `Restore snapshot brings back the database of ${snapshotLabel(snapshot)}, with canvas drafts. Requests and imports that came since are added from their records; ratings, tags, notes, collections and saved prompts that you changed since aren’t in it.`,
    'Either way, every image file stays, and a database that is there is kept.',
  ].join('\n\n');
}
