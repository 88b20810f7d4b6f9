import type { Edit, OrderEdit } from '../entities/changes.ts';
import { withRenamedValues } from './edit-query.ts';
import { foldTagPath, foldText } from './fold-text.ts';

/** A tag or collection that got another name. Tags by their paths; those below go with them. */
export interface Renamed {
  field: 'tag' | 'in';
  from: string;
  to: string;
}

/** What an edit renames: a tag that is merged is called like the one that takes its place. Null for nothing. */
export function renamedBy(edit: Edit | OrderEdit): Renamed | null {
  switch (edit.kind) {
    case 'tag-rename':
      return { field: 'tag', from: edit.from, to: [...edit.from.split('/').slice(0, -1), edit.to].join('/') };
    case 'tag-move':
      return edit.from === undefined ? null : { field: 'tag', from: edit.from, to: edit.path };
    case 'tag-merge':
      return { field: 'tag', from: edit.from, to: edit.into };
    case 'collection-change':
      return edit.from === undefined ? null : { field: 'in', from: edit.from, to: edit.name };
    default:
      return null;
  }
}

/** A query's text that goes on finding the same images; null where it would be too long. */
export function withRenamed(text: string, { field, from, to }: Renamed): string | null {
  if (field === 'in') {
    const folded = foldText(from);
    return withRenamedValues(text, field, (name) => (foldText(name) === folded ? to : name));
  }
  const folded = foldTagPath(from);
  const depth = from.split('/').length;
  return withRenamedValues(text, field, (path) => {
    const wanted = foldTagPath(path);
    if (wanted !== folded && !wanted.startsWith(`${folded}/`)) return path;
    return [to, ...path.split('/').slice(depth)].join('/');
  });
}
