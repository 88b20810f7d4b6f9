import type { Change } from '../entities/changes.ts';

const grouped = new Intl.NumberFormat('en');

/** "1 image", "12,846 images". */
function imagesOf(count: number): string {
  return `${grouped.format(count)} ${count === 1 ? 'image' : 'images'}`;
}

/** What a change did, as a sentence without a full stop: "Rated 12 images 4 stars". The same for one that is undone. */
export function describeChange({ edit, names, images }: Pick<Change, 'edit' | 'names' | 'images'>): string {
  const some = imagesOf(images);
  const name = quote(names);
  switch (edit.kind) {
    case 'rate':
      if (edit.rating === 0) return `Removed the rating of ${some}`;
      return `Rated ${some} ${edit.rating} ${edit.rating === 1 ? 'star' : 'stars'}`;
    case 'favourite':
      return edit.on ? `Marked ${some} as favourite` : `Removed ${some} from favourites`;
    case 'reject':
      return edit.on ? `Rejected ${some}` : `Unrejected ${some}`;
    case 'note':
      return edit.note === '' ? `Removed the note of ${some}` : `Changed the note of ${some}`;
    case 'tag':
      if (edit.remove.length === 0) return `Tagged ${some} ${name}`;
      return edit.add.length === 0 ? `Removed ${name} from ${some}` : `Changed the tags of ${some}: ${name}`;
    case 'collect':
      return edit.on ? `Added ${some} to ${name}` : `Removed ${some} from ${name}`;
    case 'arrange':
      return `Moved ${some} in ${name}`;
    case 'cover':
      return 'Changed the cover of a stack';
    case 'trash':
      return `Moved ${some} to the trash`;
    case 'restore':
      return `Restored ${some}`;
    case 'empty':
      return `Deleted ${some} for good`;
    case 'merge':
      return `Merged duplicates and moved ${some} to the trash`;
    case 'tag-rename':
      return `Renamed the tag “${edit.from}” to “${edit.to}”`;
    case 'tag-move':
      return `Moved the tag “${edit.path}”`;
    case 'tag-merge':
      return `Merged the tag “${edit.from}” into “${edit.into}” on ${some}`;
    case 'tag-remove':
      return `Removed the tag “${edit.path}” from ${some}`;
    case 'collection-create':
      return `Created the collection “${edit.name}”`;
    case 'collection-change':
      return `Changed the collection “${edit.name}”`;
    case 'collection-remove':
      return `Removed the collection “${edit.name}”`;
  }
}

/** What an undo or a redo left as it is, after the change's sentence; '' for nothing. */
export function leftText({ left }: Pick<Change, 'left'>): string {
  if (left === 0) return '';
  return left === 1
    ? '. 1 image was changed later or deleted, and stays as it is'
    : `. ${grouped.format(left)} images were changed later or deleted, and stay as they are`;
}

function quote(names: readonly string[]): string {
  if (names.length === 0) return 'a collection or tag';
  const shown = names.slice(0, 3).map((name) => `“${name}”`);
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ');
}
