import type { ImportFacts } from '../../../contract/entities/import-facts.ts';
import type { Sha256, Timestamp } from '../../../contract/entities/ids.ts';
import { softwareLabel } from '../../../contract/rules/prompt-sources.ts';
import { SIDECAR_VERSION, toSidecar, type Sidecar } from '../../sidecars/sidecar-schema.ts';
import { limitedMarks, readSha256, type FoundMarks } from '../prompts/emulsion.ts';
import { limited, type FoundPrompt } from '../prompts/found-prompt.ts';
import { asText, isObject, parseJson, plainEntries } from '../prompts/json-values.ts';

/** What a record says of one image. Costs stay in its text: an imported image has none. */
export interface RecordedImage {
  found: FoundPrompt | null;
  /** When it was made, and how that was known; null if a later version of Emulsion wrote the record. */
  made: { at: Timestamp; dated: ImportFacts['dated'] } | null;
  software: string;
  /** Of the file that it was imported from; null if it was created. */
  fileName: string | null;
  marks: FoundMarks | null;
  /** The record itself, or what came beside the file when it was imported first. */
  texts: ImportFacts['texts'];
}

/** A record of an export. */
export interface ExportedRecord {
  /** A later version of Emulsion wrote it: it is kept as it is. */
  isNewer: boolean;
  /** Its images, by the hash of each file that can stand for one. */
  images: ReadonlyMap<string, RecordedImage>;
}

/** Longest text of a record that is kept with each of its images, characters; a longer one is left out. */
const MAX_KEPT = 64 * 1024;
const MAX_TEXTS = 200;
const MAX_NAME = 255;
const MAX_SOFTWARE = 100;

/** Reads the record of a request or an import; null for anything else. */
export function readRecord(text: string): ExportedRecord | null {
  const parsed = parseJson(text);
  const record = toSidecar(parsed);
  if (record) return { isNewer: false, images: new Map(imagesOf(record, text)) };
  return readNewer(parsed, text);
}

/** A program's name as an image has it. */
export function cleanSoftware(named: string): string {
  return named.slice(0, MAX_SOFTWARE).replaceAll(/\s+/gu, ' ').trim().toWellFormed();
}

function* imagesOf(record: Sidecar, text: string): Generator<[Sha256, RecordedImage]> {
  if (record.kind === 'emulsion-import') {
    const { image, file_name, dated, software, texts } = record;
    if (!image) return;
    const recorded = {
      found: withoutNothing({
        source: 'emulsion',
        prompt: record.prompt,
        negative: record.negative_prompt || null,
        model: record.model || null,
        parameters: plainEntries(record.parameters),
      }),
      made: { at: Date.parse(image.created_at), dated },
      software: cleanSoftware(software),
      fileName: cleanFileName(file_name),
      marks: marksOf(image),
      texts: limitedTexts(texts),
    };
    yield [image.sha256, recorded];
    return;
  }
  const found = withoutNothing({
    source: 'emulsion',
    prompt: asText(record.parameters['prompt']) ?? '',
    negative: null,
    model: asText(record.parameters['model']),
    // `user` is an account's.
    parameters: plainEntries(record.parameters, ['prompt', 'user']),
  });
  for (const image of record.images) {
    const recorded = {
      found,
      made: { at: Date.parse(image.created_at), dated: 'metadata' as const },
      software: softwareLabel('emulsion'),
      fileName: null,
      marks: marksOf(image),
      texts: keptText(record.id, text),
    };
    yield [image.sha256, recorded];
    // It is what an export shows of the image.
    if (image.strict?.state === 'done') yield [image.strict.sha256, recorded];
  }
}

type Image = Extract<Sidecar, { kind: 'emulsion-generation' }>['images'][number];

function marksOf(image: Pick<Image, keyof FoundMarks>): FoundMarks {
  const { rating, rejected, favourite, note, tags, collections } = image;
  return limitedMarks({ rating, rejected, favourite, note, tags: tags.map(({ path }) => path), collections });
}

function withoutNothing(found: FoundPrompt): FoundPrompt | null {
  const { prompt, negative, model, parameters } = limited(found);
  const isNothing = prompt === '' && !negative && !model && Object.keys(parameters).length === 0;
  return isNothing ? null : { ...found, prompt, negative, model, parameters };
}

function keptText(id: string, text: string): ImportFacts['texts'] {
  return text.length > MAX_KEPT ? [] : [{ name: `records/${id}.json`, text: text.toWellFormed() }];
}

function limitedTexts(texts: ImportFacts['texts']): ImportFacts['texts'] {
  let left = MAX_KEPT;
  return texts.slice(0, MAX_TEXTS).flatMap(({ name, text }) => {
    left -= text.length;
    return left < 0 ? [] : [{ name: name.slice(0, MAX_NAME).toWellFormed(), text: text.toWellFormed() }];
  });
}

function cleanFileName(name: string): string | null {
  return (
    name
      .slice(0, MAX_NAME)
      .replace(/\p{Cc}/gu, '')
      .toWellFormed() || null
  );
}

/** What is kept of a record that a later version of Emulsion wrote: its text, with the images that it names as versions until now do. */
function readNewer(parsed: unknown, text: string): ExportedRecord | null {
  if (!isObject(parsed)) return null;
  const { kind, version, id, image, images } = parsed;
  if (kind !== 'emulsion-generation' && kind !== 'emulsion-import') return null;
  if (typeof version !== 'number' || version <= SIDECAR_VERSION) return null;
  const listed: unknown[] = Array.isArray(images) ? images : [image];
  const name = typeof id === 'string' && /^[\w-]{1,64}$/u.test(id) ? id : 'record';
  const recorded: RecordedImage = {
    found: null,
    made: null,
    software: softwareLabel('emulsion'),
    fileName: null,
    marks: null,
    texts: keptText(name, text),
  };
  const hashes = listed.flatMap((each) => (isObject(each) ? hashesOf(each) : []));
  return { isNewer: true, images: new Map(hashes.map((hash) => [hash, recorded])) };
}

function hashesOf({ sha256, strict }: Readonly<Record<string, unknown>>): Sha256[] {
  const named = [sha256, isObject(strict) ? strict['sha256'] : null];
  return named.flatMap((each) => readSha256(each) ?? []);
}
