import * as v from 'valibot';
import type { Rating } from '../../../contract/entities/annotations.ts';
import { MAX_NOTE_LENGTH } from '../../../contract/entities/changes.ts';
import { CollectionIdSchema, Sha256Schema, type CollectionId, type Sha256 } from '../../../contract/entities/ids.ts';
import { BROUGHT_MARKS, type BroughtMark } from '../../../contract/entities/imports.ts';
import { cleanNote } from '../../../contract/rules/clean-note.ts';
import type { BesideFacts } from './beside.ts';
import { textNamed, type FileTexts, type FoundPrompt } from './found-prompt.ts';
import { isObject, parseJson, parseObject, plainEntries } from './json-values.ts';

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

/** A collection that an image was in. */
export interface FoundMembership {
  /** Its id where it was; null if only its name is known. */
  id: CollectionId | null;
  name: string;
  /** The image's place in its order; null if that isn't known. */
  position: number | null;
}

/** What a person had added to an image that Emulsion exported. */
export interface FoundMarks {
  rating: Rating;
  rejected: boolean;
  favourite: boolean;
  /** '' for none. */
  note: string;
  /** Paths: `client/acme`. */
  tags: readonly string[];
  collections: readonly FoundMembership[];
}

/** More tags, or collections, than anybody gives to an image. */
const MAX_NAMES = 200;

/** Marks within the limits of the library. */
export function limitedMarks(marks: FoundMarks): FoundMarks {
  return {
    ...marks,
    note: cleanNote(marks.note.slice(0, MAX_NOTE_LENGTH)),
    tags: marks.tags.slice(0, MAX_NAMES),
    collections: marks.collections.slice(0, MAX_NAMES),
  };
}

/** Which kinds of marks there are. */
export function markKinds(marks: FoundMarks | null): BroughtMark[] {
  if (!marks) return [];
  const has: Readonly<Record<BroughtMark, boolean>> = {
    ratings: marks.rating > 0,
    rejects: marks.rejected,
    favourites: marks.favourite,
    tags: marks.tags.length > 0,
    notes: marks.note !== '',
    collections: marks.collections.length > 0,
  };
  return BROUGHT_MARKS.filter((kind) => has[kind]);
}

/** Reads what a copy says that a person added; null for a file that Emulsion hasn't written. */
export function readEmulsionMarks(texts: FileTexts): FoundMarks | null {
  if (textNamed(texts, 'emulsion:image') === null) return null;
  const named = textNamed(texts, 'xmp:Rating') ?? '0';
  // XMP has one value for both.
  const rejected = named === '-1';
  const rating = rejected ? textNamed(texts, 'emulsion:rating') : named;
  const stars = ([1, 2, 3, 4, 5] as const).find((each) => String(each) === rating) ?? 0;
  const tags = texts.filter(({ name }) => name === 'lr:hierarchicalSubject');
  return limitedMarks({
    rating: stars,
    rejected,
    favourite: textNamed(texts, 'emulsion:favourite') === 'True',
    note: textNamed(texts, 'dc:description') ?? '',
    tags: tags.map(({ text }) => text.replaceAll('|', '/')),
    collections: readMemberships(texts),
  });
}

const MembershipsSchema = v.array(
  v.object({ id: CollectionIdSchema, name: v.string(), position: v.nullable(v.number()) }),
);

function readMemberships(texts: FileTexts): FoundMembership[] {
  const { success, output } = v.safeParse(
    MembershipsSchema,
    parseJson(textNamed(texts, 'emulsion:memberships') ?? 'null'),
  );
  if (success) return output;
  // Copies of earlier versions, or another program has changed it.
  const named = texts.filter(({ name }) => name === 'emulsion:collections');
  return named.map(({ text: name }) => ({ id: null, name, position: null }));
}

/** The hash of the original that a copy was made of, as the copy says; null if it doesn't. */
export function readCopiedOriginal(texts: FileTexts): Sha256 | null {
  return readSha256(textNamed(texts, 'emulsion:original'));
}

/** A hash that a file names; null for anything else. */
export function readSha256(named: unknown): Sha256 | null {
  const { success, output } = v.safeParse(Sha256Schema, named);
  return success ? output : null;
}
