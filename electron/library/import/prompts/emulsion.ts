import { textNamed, type FileTexts, type FoundPrompt } from './found-prompt.ts';
import { parseObject, plainEntries } from './json-values.ts';

/** Reads what Emulsion itself writes into copies that it exports. */
export function readEmulsion(texts: FileTexts): FoundPrompt | null {
  if (textNamed(texts, 'emulsion:image') === null) return null;
  return {
    source: 'emulsion',
    prompt: textNamed(texts, 'Iptc4xmpExt:AIPromptInformation') ?? '',
    negative: null,
    model: textNamed(texts, 'Iptc4xmpExt:AISystemUsed'),
    parameters: plainEntries(parseObject(textNamed(texts, 'emulsion:parameters')) ?? {}),
  };
}
