import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { addInput } from '../../../electron/library/inputs/add-input.ts';
import { reportOf, testLibrary } from '../test-library.ts';

/** An animation of frames of one pixel: a decoder keeps hundreds of bytes for each, in a file of fifteen. */
function gifOf(frames: number): Buffer {
  const head = Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  const frame = Buffer.from(',\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0', 'latin1');
  return Buffer.concat([head, Buffer.alloc(frame.length * frames, frame), Buffer.from(';')]);
}

it('an animation of a million frames is refused without being opened', async () => {
  const library = await testLibrary();
  const bytes = gifOf(1_000_000);
  const upload = { body: Readable.from([bytes]), name: 'long.gif', limit: 50_000_000, declared: bytes.length };
  const refused = await reportOf(() => addInput(library, upload));
  expect(refused).toMatchObject({ code: 'input-invalid', message: expect.stringMatching(/more than 2,000 frames/u) });
});
