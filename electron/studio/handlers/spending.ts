import { readSpending, readSpendingLines } from '../../library/jobs/spending.ts';
import { tokenHistory } from '../../library/jobs/token-history.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';

export function spendingHandlers({ library }: HandlerContext): HandlerGroup<'spending'> {
  return {
    'spending.tokenHistory': ({ model }) => tokenHistory(library.db, model),
    'spending.get': (query) => readSpending(library.db, query),
    'spending.lines': (query) => readSpendingLines(library.db, query),
  };
}
