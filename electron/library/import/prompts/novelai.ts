import { textNamed, type FileTexts, type FoundPrompt } from './found-prompt.ts';
import { asText, parseObject, plainEntries } from './json-values.ts';

/** Reads what NovelAI writes: `Software: NovelAI`, the prompt in `Description`, everything else as JSON in `Comment`. */
export function readNovelAi(texts: FileTexts): FoundPrompt | null {
  const settings = parseObject(textNamed(texts, 'Comment'));
  const isMarked = textNamed(texts, 'Software') === 'NovelAI';
  if (!isMarked && !(settings && 'uc' in settings && 'sampler' in settings)) return null;
  return {
    source: 'novelai',
    prompt: textNamed(texts, 'Description') ?? asText(settings?.['prompt']) ?? '',
    negative: asText(settings?.['uc']),
    model: textNamed(texts, 'Source'),
    parameters: plainEntries(settings ?? {}, ['prompt', 'uc', 'signed_hash']),
  };
}
