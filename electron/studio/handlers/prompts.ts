import { indexUsedPrompts } from '../../library/prompts/index-prompts.ts';
import { readPromptHistory } from '../../library/prompts/prompt-history.ts';
import {
  listPromptVersions,
  listSavedPrompts,
  removePrompt,
  restorePrompt,
  savePrompt,
} from '../../library/prompts/saved-prompts.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';

export function promptHandlers({ library, emit, ending }: HandlerContext): HandlerGroup<'prompts'> {
  const changed = <Result>(result: Result): Result => {
    emit({ type: 'order' });
    return result;
  };
  return {
    'prompts.list': () => listSavedPrompts(library.db),
    'prompts.save': (prompt) => changed(savePrompt(library.db, prompt, Date.now())),
    'prompts.remove'({ promptId }) {
      removePrompt(library.db, promptId, Date.now());
      return changed(null);
    },
    'prompts.restore': ({ promptId }) => changed(restorePrompt(library.db, promptId)),
    'prompts.versions': ({ promptId }) => listPromptVersions(library.db, promptId),
    async 'prompts.history'(page) {
      if (page.search.trim() !== '') await indexUsedPrompts(library.db, ending);
      return readPromptHistory(library.db, page);
    },
  };
}
