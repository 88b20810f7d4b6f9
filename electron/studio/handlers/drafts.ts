import { listDrafts, putSteps, readSteps, removeDraft, saveDraft } from '../../library/drafts.ts';
import type { Group, Rooms } from './context.ts';

export function draftHandlers({ library, queue }: Rooms): Group<'drafts'> {
  return {
    'drafts.list': () => listDrafts(library.db),
    'drafts.save': (head) => saveDraft(library.db, head, Date.now()),
    'drafts.remove'({ draftId }) {
      removeDraft(library.db, draftId);
      return null;
    },
    'drafts.steps': (key) => readSteps(library.db, key),
    'drafts.putSteps'(change) {
      putSteps(library.db, change, Date.now());
      return null;
    },
    'drafts.jobs': ({ draftId }) => queue.ofDraft(draftId),
  };
}
