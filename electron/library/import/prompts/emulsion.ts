import type { BesideFacts } from './beside.ts';
import { textNamed, type FileTexts, type FoundPrompt } from './found-prompt.ts';
import { isObject, parseObject, plainEntries } from './json-values.ts';

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

/** Reads `emulsion.json`, which says that a ZIP, or what was unpacked from one, is an export of Emulsion. Null: it is something else. */
export function readEmulsionExport(parsed: unknown): BesideFacts | null {
  if (!isObject(parsed) || parsed['kind'] !== 'emulsion-export') return null;
  return { of: () => null, skips: (name) => !name.startsWith('images/') };
}
