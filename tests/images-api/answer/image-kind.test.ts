import { expect, test } from 'vitest';
import { ImageFile } from '../../../electron/images-api/answer/image-file.ts';
import type { ImagePlace } from '../../../electron/images-api/answer/image-sink.ts';
import { JsonDocumentReader } from '../../../electron/images-api/answer/json-document-reader.ts';

const PIXELS = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').toString('base64');

/** What each image of the beginning of a document is taken for once its last byte has arrived. */
async function kindsOf(
  text: string,
  kind: ImagePlace['kind'] = 'undecided',
  itemKind = kind,
): Promise<ImagePlace['kind'][]> {
  const kinds: ImagePlace['kind'][] = [];
  const openFile = (kind: ImagePlace['kind']): Promise<ImageFile> =>
    ImageFile.create(
      () =>
        Promise.resolve({
          write: () => Promise.resolve(),
          complete: (found) => Promise.resolve(`file ${kinds.push(found)}`),
          keep: () => Promise.resolve(''),
          remove: () => Promise.resolve(),
        }),
      { kind, position: 0 },
      { maxBytes: 1000 },
    );
  const document = new JsonDocumentReader({ maxTextBytes: 10_000, kind, itemKind, isEcho: () => false, openFile });
  await document.feed(Buffer.from(text.replaceAll('#', PIXELS)));
  return kinds;
}

test.each<[text: string, kinds: ImagePlace['kind'][]]>([
  ['{"created":1,"data":[{"b64_json":"#"', ['image']],
  ['{"data":[{"b64_json":"#"},{"revised_prompt":"a","b64_json":"#"', ['image', 'image']],
  ['[{"b64_json":"#"', ['image']],
  ['{"b64_json":"#"', ['undecided']],
  ['{"result":{"b64_json":"#"', ['undecided']],
  ['{"images":["#"', ['image']],
  ['{"output":{"images":[{"base64":"#"', ['image']],
  ['{"type":"image_generation.completed","b64_json":"#"', ['image']],
  ['{"type":"image_generation.partial_image","b64_json":"#"', ['partial']],
  ['{"image":"#"', ['undecided']],
  ['{"image":"#","data":[{"b64_json":"#"', ['undecided', 'image']],
  ['{"data":[{"type":"preview","b64_json":"#"},{"b64_json":"#"', ['undecided', 'image']],
  ['{"data":[{"b64_json":"#","image":"#"', ['image', 'undecided']],
  ['{"context":{"b64_json":"#"', ['undecided']],
  ['{"data":[{"b64_json":"#"}],"images":[{"b64_json":"#"', ['image', 'undecided']],
])('the beginning %s has %j', async (text, kinds) => {
  expect(await kindsOf(text, 'undecided', 'image')).toEqual(kinds);
});

test.each<ImagePlace['kind']>(['image', 'partial', 'undecided'])(
  'an event known as %s has such images',
  async (kind) => {
    expect(await kindsOf('{"b64_json":"#"', kind)).toEqual([kind]);
    expect(await kindsOf('{"data":[{"b64_json":"#"', kind)).toEqual([kind]);
  },
);
