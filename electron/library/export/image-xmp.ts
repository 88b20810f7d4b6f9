import type { ImageRecord } from '../../contract/entities/image-records.ts';
import type { XmpUpdate } from '../pixels/metadata/insert-xmp.ts';
import type { XmpName, XmpProperty } from '../pixels/metadata/xmp-packet.ts';

/** IPTC's terms for how an image came to be (cv.iptc.org/newscodes/digitalsourcetype). */
const SOURCE_TYPES = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
/** What the library knows better than the file: absent if a person has removed it. */
const OWNED: readonly XmpName[] = [
  'xmp:Rating',
  'dc:subject',
  'lr:hierarchicalSubject',
  'emulsion:rating',
  'emulsion:favourite',
  'emulsion:collections',
  'emulsion:memberships',
];

/** The prompt has a property of its own; `user` is an account's. */
const LEFT_OUT = ['prompt', 'user'];

/** What is written into an exported copy. Nothing of the profile: its name and address are about a person's account. */
export function imageXmp(record: ImageRecord): XmpUpdate {
  const { generation, imported, marks, note, tags } = record;
  const properties: XmpProperty[] = [
    { name: 'emulsion:image', value: record.id },
    { name: 'emulsion:original', value: record.strict?.state === 'done' ? record.strict.sha256 : record.sha256 },
    { name: 'xmp:CreateDate', value: new Date(record.createdAt).toISOString() },
  ];
  const add = (name: XmpName, value: string): void => {
    if (value !== '') properties.push({ name, value });
  };
  const list = (name: XmpName, value: readonly string[]): void => {
    if (value.length > 0) properties.push({ name, value: [...new Set(value)] });
  };
  add('Iptc4xmpExt:AIPromptInformation', record.prompt);
  add('Iptc4xmpExt:AISystemUsed', record.model);
  add('emulsion:revisedPrompt', record.revisedPrompt ?? '');
  if (generation) {
    add('xmp:CreatorTool', 'Emulsion');
    // Pixels of an edit may be those of its references.
    const type = generation.operation === 'edit' ? 'compositeWithTrainedAlgorithmicMedia' : 'trainedAlgorithmicMedia';
    add('Iptc4xmpExt:DigitalSourceType', SOURCE_TYPES + type);
  }
  const parameters = Object.entries(generation?.parameters ?? imported?.parameters ?? {}).filter(
    ([parameter]) => !LEFT_OUT.includes(parameter),
  );
  if (parameters.length > 0) add('emulsion:parameters', JSON.stringify(Object.fromEntries(parameters)));
  // −1 stands for rejected (XMP specification, part 2, 2.1).
  if (marks.rejected || marks.rating > 0) add('xmp:Rating', marks.rejected ? '-1' : String(marks.rating));
  list(
    'dc:subject',
    tags.flatMap(({ path }) => path.split('/')),
  );
  list(
    'lr:hierarchicalSubject',
    tags.map(({ path }) => path.replaceAll('/', '|')),
  );
  list(
    'emulsion:collections',
    record.collections.map(({ name }) => name),
  );
  // What no other program has a name for, so that an import brings it back.
  if (marks.rejected && marks.rating > 0) add('emulsion:rating', String(marks.rating));
  if (marks.favourite) add('emulsion:favourite', 'True');
  if (record.collections.length > 0) add('emulsion:memberships', JSON.stringify(record.collections));
  // Other programs show it as the caption.
  if (note !== '') properties.push({ name: 'dc:description', value: { language: note } });
  return { properties, removed: OWNED };
}
