import { readSpending, spendingLines } from '../../library/jobs/spending.ts';
import { tokenHistory } from '../../library/jobs/token-history.ts';
import type { Group, Rooms } from './context.ts';

export function spendingHandlers({ library }: Rooms): Group<'spending'> {
  return {
    'spending.history': ({ model }) => tokenHistory(library.db, model),
    'spending.read': (query) => readSpending(library.db, query),
    'spending.lines': (query) => spendingLines(library.db, query),
  };
}
