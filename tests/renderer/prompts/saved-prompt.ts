import type { SavedPromptId } from '../../../electron/contract/entities/ids.ts';
import type { SavedPrompt } from '../../../electron/contract/entities/saved-prompts.ts';
import { uuid } from '../state/scripted-studio.ts';

export function savedPrompt(number: number, change: Partial<SavedPrompt> = {}): SavedPrompt {
  return {
    id: uuid(number) as SavedPromptId,
    name: `Prompt ${number}`,
    tags: [],
    text: `text ${number}`,
    version: 1,
    createdAt: number,
    changedAt: number,
    bestImage: null,
    ...change,
  };
}
