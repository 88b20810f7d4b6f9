import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ImageCall } from '../request/build-request.ts';
import type { FoundImage } from './answer-shapes.ts';
import type { ReceivedImage } from './image-file.ts';

/** Beginnings of base64 and data URLs of images. */
const PIXELS = /base64,|iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|PHN2Zy/u;

/** What a text of the answer may repeat of the request, which is no image of the answer. */
export interface Echoes {
  /** Whether an image inside a text is one that the prompt names or holds. */
  isOfPrompt(found: FoundImage): boolean;
  /** Whether an image is byte for byte an input of the request. Rejects with the system's errors. */
  isInput(image: ReceivedImage): Promise<boolean>;
}

/** The echoes that the answer to a call may have. */
export function echoesOf(call: ImageCall): Echoes {
  const prompt = 'prompt' in call.parameters ? call.parameters.prompt : '';
  const said = prompt.replaceAll('\\', '');
  const inputs = 'inputs' in call ? call.inputs : [];
  return {
    isOfPrompt: ({ inText, held, url }) =>
      inText === true && (held.length > 0 ? PIXELS.test(said) : url !== null && said.includes(url)),
    async isInput({ bytes, sha256 }) {
      const same = inputs.filter((input) => input.bytes === bytes);
      const hashes = await Promise.all(same.map(({ path }) => hashOf(path)));
      return hashes.includes(sha256);
    },
  };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
