import { textNamed, type FileTexts, type FoundPrompt } from './found-prompt.ts';
import { asText, isObject, parseObject, plainEntries } from './json-values.ts';

/** Reads what InvokeAI writes: since version 3 `invokeai_metadata`, before that `sd-metadata`. `Dream`, a command line, isn't read. */
export function readInvokeAi(texts: FileTexts): FoundPrompt | null {
  const current = parseObject(textNamed(texts, 'invokeai_metadata'));
  if (current) {
    const { positive_prompt: prompt, negative_prompt: negative, model } = current;
    return {
      source: 'invokeai',
      prompt: asText(prompt) ?? '',
      negative: asText(negative),
      model: isObject(model) ? (asText(model['name']) ?? asText(model['model_name'])) : asText(model),
      parameters: plainEntries(current, ['positive_prompt', 'negative_prompt', 'model']),
    };
  }
  const old = parseObject(textNamed(texts, 'sd-metadata'));
  const image = old && isObject(old['image']) ? old['image'] : null;
  if (!old || !image) return null;
  return {
    source: 'invokeai',
    prompt: oldPrompt(image['prompt']),
    negative: null,
    model: asText(old['model_weights']) ?? asText(old['model']),
    parameters: plainEntries(image, ['prompt']),
  };
}

/** A text, or texts with their weights. */
function oldPrompt(prompt: unknown): string {
  const parts: unknown[] = Array.isArray(prompt) ? prompt : [prompt];
  const texts = parts.map((part) => (isObject(part) ? asText(part['prompt']) : asText(part)) ?? '');
  return texts.join(' ').trim();
}
