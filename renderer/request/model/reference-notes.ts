import { escapePromptTemplate } from '../../../electron/contract/rules/batch.ts';
import type { Input } from '../../../electron/contract/entities/requests.ts';
import type { TypedPrompt } from './typed-prompt.ts';

/** The purpose of each reference, by its SHA-256. */
export type ReferenceNotes = Readonly<Record<string, string>>;

/**
 * The notes as sent at the end of the prompt, one line each: "Image 2: the glaze". The API has no field for them; models know
 * images by their order. '' for no notes.
 */
export function noteLines(inputs: readonly Input[], notes: ReferenceNotes): string {
  return inputs
    .filter(({ role }) => role === 'image')
    .flatMap(({ sha256 }, place) => {
      const note = notes[sha256]?.trim();
      return note ? [`Image ${place + 1}: ${note}`] : [];
    })
    .join('\n');
}

/** A prompt with the notes below it. */
export function withNotes({ text, isTemplate }: TypedPrompt, inputs: readonly Input[], notes: ReferenceNotes): string {
  const lines = noteLines(inputs, notes);
  if (lines === '' || text.trim() === '') return text;
  return `${text}\n\n${isTemplate ? escapePromptTemplate(lines) : lines}`;
}
