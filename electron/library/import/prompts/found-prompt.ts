import type { PromptSource } from '../../../contract/entities/imports.ts';
import type { NamedText } from '../../pixels/metadata/png-text.ts';

/** What was found about how an image was made. */
export interface FoundPrompt {
  source: PromptSource;
  prompt: string;
  negative: string | null;
  model: string | null;
  /** Further parameters with the names that their program gave them, as texts. */
  parameters: Readonly<Record<string, string>>;
}

/** What an image file says about itself, as `readTexts` returns it. */
export type FileTexts = readonly NamedText[];

/** The first text with one of the names, which are tried in order; null if there is none. */
export function textNamed(texts: FileTexts, ...names: readonly string[]): string | null {
  for (const wanted of names) {
    const found = texts.find(({ name }) => name === wanted);
    if (found) return found.text;
  }
  return null;
}

/** Limits of what is taken over into the library; the file itself keeps everything. */
const MAX_PROMPT = 100_000;
const MAX_PARAMETERS = 200;
const MAX_PARAMETER = 10_000;
const MAX_NAME = 200;

/** What a reader found, within the limits of the library. */
export function limited(found: FoundPrompt): FoundPrompt {
  const parameters = Object.entries(found.parameters)
    .slice(0, MAX_PARAMETERS)
    .map(([name, value]) => [name.slice(0, MAX_NAME), value.slice(0, MAX_PARAMETER)] as const);
  return {
    source: found.source,
    prompt: found.prompt.slice(0, MAX_PROMPT).toWellFormed(),
    negative: found.negative === null ? null : found.negative.slice(0, MAX_PROMPT).toWellFormed() || null,
    model: found.model === null ? null : found.model.slice(0, MAX_NAME).toWellFormed() || null,
    parameters: Object.fromEntries(parameters),
  };
}
