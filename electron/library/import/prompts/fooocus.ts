import { textNamed, type FileTexts, type FoundPrompt } from './found-prompt.ts';
import { asText, parseObject, plainEntries } from './json-values.ts';

/** Reads what Fooocus writes by default: JSON in `parameters`, `Comment` or EXIF's UserComment. */
export function readFooocus(texts: FileTexts): FoundPrompt | null {
  const found = ['parameters', 'Comment', 'UserComment'].map((name) => parseObject(textNamed(texts, name)));
  const record = found.find((value) => value !== null && 'prompt' in value && 'base_model' in value);
  if (!record) return null;
  return {
    source: 'fooocus',
    prompt: asText(record['prompt']) ?? '',
    negative: asText(record['negative_prompt']),
    model: asText(record['base_model']),
    parameters: plainEntries(record, ['prompt', 'negative_prompt', 'base_model']),
  };
}
