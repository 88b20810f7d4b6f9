import type { Change } from '../entities/changes.ts';

const grouped = new Intl.NumberFormat('en');

/** "1 image", "12,846 images". */
function imagesOf(count: number): string {
  return `${grouped.format(count)} ${count === 1 ? 'image' : 'images'}`;
}

type Described = Pick<Change, 'edit' | 'names' | 'images'>;

/** What a change did, as a sentence without a full stop: "Rated 12 images 4 stars". The same for one that is undone. */
export function describeChange(change: Described): string {
  return sentenceOf(change, (done) => done);
}

/** What a change that is being applied does: "Rating 12 images 4 stars". */
export function describeRunning(change: Described): string {
  return sentenceOf(change, (_, running) => running);
}

/** `verb` chooses between "Rated" and "Rating". */
function sentenceOf({ edit, names, images }: Described, verb: (done: string, running: string) => string): string {
  const some = imagesOf(images);
  const name = quote(names);
  const [removed, changed, moved] = [verb('Removed', 'Removing'), verb('Changed', 'Changing'), verb('Moved', 'Moving')];
  switch (edit.kind) {
    case 'rate':
      if (edit.rating === 0) return `${removed} the rating from ${some}`;
      return `${verb('Rated', 'Rating')} ${some} ${edit.rating} ${edit.rating === 1 ? 'star' : 'stars'}`;
    case 'favourite':
      return edit.on ? `${verb('Marked', 'Marking')} ${some} as favourite` : `${removed} ${some} from favourites`;
    case 'reject':
      return edit.on ? `${verb('Rejected', 'Rejecting')} ${some}` : `${removed} the reject mark from ${some}`;
    case 'note':
      return edit.note === '' ? `${removed} the note from ${some}` : `${verb('Edited', 'Editing')} the note of ${some}`;
    case 'tag':
      if (edit.remove.length === 0) return `${verb('Tagged', 'Tagging')} ${some} ${name}`;
      return edit.add.length === 0 ? `${removed} ${name} from ${some}` : `${changed} the tags of ${some}: ${name}`;
    case 'collect':
      return edit.on ? `${verb('Added', 'Adding')} ${some} to ${name}` : `${removed} ${some} from ${name}`;
    case 'arrange':
      return `${moved} ${some} in ${name}`;
    case 'cover':
      return `${changed} a stack’s cover`;
    case 'trash':
      return `${moved} ${some} to the trash`;
    case 'restore':
      return `${verb('Restored', 'Restoring')} ${some}`;
    case 'empty':
      return `${verb('Deleted', 'Deleting')} ${some} for good`;
    case 'merge':
      return `${verb('Merged', 'Merging')} duplicates and ${verb('moved', 'moving')} ${some} to the trash`;
    case 'tag-rename':
      return `${verb('Renamed', 'Renaming')} the tag “${edit.from}” to “${edit.to}”`;
    case 'tag-move':
      return `${moved} the tag “${edit.path}”`;
    case 'tag-merge':
      return `${verb('Merged', 'Merging')} the tag “${edit.from}” into “${edit.into}” on ${some}`;
    case 'tag-remove':
      return `${removed} the tag “${edit.path}” from ${some}`;
    case 'collection-create':
      return `${verb('Created', 'Creating')} the collection “${edit.name}”`;
    case 'collection-change':
      return `${changed} the collection “${edit.name}”`;
    case 'collection-remove':
      return `${removed} the collection “${edit.name}”`;
  }
}

/** Which saved queries kept the old name, as a sentence without a full stop; '' for none. */
export function keptText({ edit }: Pick<Change, 'edit'>): string {
  const kept = 'tooLong' in edit ? (edit.tooLong ?? []) : [];
  if (kept.length === 0) return '';
  return kept.length === 1
    ? `The smart collection ${quote(kept)} still uses the old name: with the new one, its query would be too long`
    : `The smart collections ${quote(kept)} still use the old name: with the new one, their queries would be too long`;
}

/** What an undo or a redo left as it is, as a sentence without a full stop; '' for nothing. */
export function leftText({ left }: Pick<Change, 'left'>): string {
  if (left === 0) return '';
  return left === 1
    ? '1 image was changed or deleted later and stays as it is'
    : `${grouped.format(left)} images were changed or deleted later and stay as they are`;
}

function quote(names: readonly string[]): string {
  if (names.length === 0) return 'a collection or tag';
  const shown = names.slice(0, 3).map((name) => `“${name}”`);
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ');
}
