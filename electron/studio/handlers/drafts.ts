import { listDrafts, putSteps, readSteps, removeDraft, saveDraft } from '../../library/drafts.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';

export function draftHandlers({ library, queue }: HandlerContext): HandlerGroup<'drafts'> {
  return {
    'drafts.list': () => listDrafts(library.db),
    'drafts.save': (head) => saveDraft(library.db, head, Date.now()),
    'drafts.remove'({ draftId }) {
      removeDraft(library.db, draftId);
      return null;
    },
    'drafts.getSteps': (key) => readSteps(library.db, key),
    'drafts.saveSteps'(change) {
      putSteps(library.db, change, Date.now());
      return null;
    },
    'drafts.listJobs': ({ draftId }) => queue.ofDraft(draftId),
  };
}
