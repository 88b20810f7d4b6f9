import { readTrashTotals } from '../../library/order/trash-totals.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';

export function trashHandlers({ library }: HandlerContext): HandlerGroup<'trash'> {
  return { 'trash.get': () => readTrashTotals(library.db) };
}
