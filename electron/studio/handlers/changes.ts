import type { LibraryChanges } from '../../library/order/library-changes.ts';
import type { HandlerGroup } from './context.ts';

export function changeHandlers(changes: LibraryChanges): HandlerGroup<'changes'> {
  return {
    'changes.apply': ({ id, selection, edit }) => changes.apply(id, selection, edit),
    'changes.cancel': ({ id }) => changes.cancel(id),
    'changes.undo': ({ id }) => changes.undo(id),
    'changes.redo': ({ id }) => changes.redo(id),
    'changes.list': (page) => changes.list(page),
  };
}
