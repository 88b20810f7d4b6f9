import { textNamed, type FileTexts, type FoundPrompt } from './found-prompt.ts';
import { asText, parseObject, plainEntries } from './json-values.ts';

/** Reads what Draw Things writes: JSON in the UserComment of XMP or EXIF; `c` is the prompt and `uc` the negative one. */
export function readDrawThings(texts: FileTexts): FoundPrompt | null {
  const comments = [textNamed(texts, 'exif:UserComment'), textNamed(texts, 'UserComment')];
  const settings = comments
    .map(parseObject)
    .find((value) => value !== null && typeof value['c'] === 'string' && 'model' in value);
  if (!settings) return null;
  return {
    source: 'draw-things',
    prompt: asText(settings['c']) ?? '',
    negative: asText(settings['uc']),
    model: asText(settings['model']),
    parameters: plainEntries(settings, ['c', 'uc', 'model']),
  };
}
