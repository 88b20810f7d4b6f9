import type { SavedPromptVersion } from '../../electron/contract/entities/saved-prompts.ts';
import { focusOn } from '../shared/keyboard/focus-targets.svelte.ts';
import type { AppContext } from '../state/app-context.ts';
import { readForm } from '../state/request-form.ts';

/** Loads a prompt into Create, with the rest of its form unchanged. The present draft can be restored there. */
export function usePrompt(
  { mirror, route }: Pick<AppContext, 'mirror' | 'route'>,
  text: string,
  source: SavedPromptVersion | null = null,
): void {
  const savedPrompt = source === null ? null : { ...source, text };
  mirror.draft.replace(readForm({ ...mirror.draft.form, prompt: text, variables: false, savedPrompt }));
  route.go('create');
  focusOn('prompt');
}
