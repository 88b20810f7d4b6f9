import { describeChange, keptText, leftText } from '../../electron/contract/rules/describe-change.ts';
import type { Change } from '../../electron/contract/entities/changes.ts';
import type { Toasts } from '../shared/feedback/toasts.svelte.ts';
import { lowercaseFirst } from '../shared/format/lowercase-first.ts';
import type { ChangeNews, LibraryChanges } from '../state/library/changes.svelte.ts';

/**
 * Announces the outcome of this page's changes, with Undo.
 * @returns a function that ends it
 */
export function announceChanges(changes: LibraryChanges, toasts: Toasts): () => void {
  return changes.listen((news) => {
    const message = messageOf(news);
    if (message === null) return;
    const change = news.kind === 'failed' ? null : news.change;
    if (change?.state === 'done')
      toasts.show({ message, action: { label: 'Undo', run: () => void changes.undo(change) } });
    else toasts.show({ message });
  });
}

/** Null for what the image itself shows at once. */
function messageOf(news: ChangeNews): string | null {
  switch (news.kind) {
    case 'failed':
      return news.error.message;
    case 'undone':
      return sentencesOf('Undone', news.change);
    case 'redone':
      return sentencesOf('Redone', news.change, keptText(news.change));
    case 'done':
      return isSeen(news.change) ? null : inSentences(describeChange(news.change), keptText(news.change));
  }
}

function sentencesOf(what: string, change: Change, kept = ''): string {
  return inSentences(`${what}: ${lowercaseFirst(describeChange(change))}`, leftText(change), kept);
}

function inSentences(...parts: readonly string[]): string {
  return parts.filter(Boolean).join('. ');
}

/** One image's marks are on its cell. */
function isSeen({ edit, images }: Change): boolean {
  return images === 1 && (edit.kind === 'rate' || edit.kind === 'favourite' || edit.kind === 'reject');
}
