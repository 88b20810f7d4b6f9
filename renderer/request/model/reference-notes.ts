import { escapePromptTemplate, hasPromptVariables } from '../../../electron/contract/rules/batch.ts';
import type { Input } from '../../../electron/contract/entities/requests.ts';

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

/** A prompt, or a prompt's template, with the notes below it. */
export function withNotes(prompt: string, inputs: readonly Input[], notes: ReferenceNotes): string {
  const lines = noteLines(inputs, notes);
  if (lines === '' || prompt.trim() === '') return prompt;
  return `${prompt}\n\n${hasPromptVariables(prompt) ? escapePromptTemplate(lines) : lines}`;
}
