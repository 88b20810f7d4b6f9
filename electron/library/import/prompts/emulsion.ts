import type { Rating } from '../../../contract/entities/annotations.ts';
import { cleanNote } from '../../../contract/rules/clean-note.ts';
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

/** What a person had added to an image that Emulsion exported. */
export interface FoundMarks {
  rating: Rating;
  rejected: boolean;
  /** '' for none. */
  note: string;
  /** Paths: `client/acme`. */
  tags: readonly string[];
}

/** More tags than anybody gives to an image. */
const MAX_TAGS = 200;

/** Reads what a copy says that a person added; null for a file that Emulsion hasn't written. */
export function readEmulsionMarks(texts: FileTexts): FoundMarks | null {
  if (textNamed(texts, 'emulsion:image') === null) return null;
  const rating = textNamed(texts, 'xmp:Rating') ?? '0';
  const stars = ([1, 2, 3, 4, 5] as const).find((each) => String(each) === rating) ?? 0;
  const tags = texts.filter(({ name }) => name === 'lr:hierarchicalSubject').slice(0, MAX_TAGS);
  return {
    rating: stars,
    rejected: rating === '-1',
    note: cleanNote(textNamed(texts, 'dc:description') ?? ''),
    tags: tags.map(({ text }) => text.replaceAll('|', '/')),
  };
}
