import { hasPromptVariables, parsePromptTemplate } from '../../../electron/contract/rules/batch.ts';
import type { RequestForm } from '../../state/request-form.ts';

/** The prompt that a form sends. */
export interface TypedPrompt {
  text: string;
  /** `text` has variables and makes a batch; otherwise it is sent as it is. */
  isTemplate: boolean;
}

/** The form's fields for the prompt: a variation sent as an edit has its own. */
export function promptFields(asEdit: boolean): {
  text: 'prompt' | 'variationPrompt';
  variables: 'variables' | 'variationVariables';
} {
  return asEdit
    ? { text: 'variationPrompt', variables: 'variationVariables' }
    : { text: 'prompt', variables: 'variables' };
}

/**
 * What is sent for what was typed: the same text, unless *Vary* is on for this prompt. Only *Vary* gives braces, bars and
 * backslashes a meaning; see `parsePromptTemplate`.
 */
export function typedPrompt(form: RequestForm, asEdit: boolean): TypedPrompt {
  const fields = promptFields(asEdit);
  const text = form[fields.text];
  if (!form[fields.variables]) return { text, isTemplate: false };
  if (hasPromptVariables(text)) return { text, isTemplate: true };
  return { text: parsePromptTemplate(text).join(''), isTemplate: false };
}
