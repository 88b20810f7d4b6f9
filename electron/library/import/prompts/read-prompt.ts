import { readAutomatic1111 } from './automatic1111.ts';
import { readComfyUi } from './comfyui.ts';
import { readDrawThings } from './draw-things.ts';
import { readEmulsion } from './emulsion.ts';
import { limited, type FileTexts, type FoundPrompt } from './found-prompt.ts';
import { readFooocus } from './fooocus.ts';
import { readInvokeAi } from './invokeai.ts';
import { readNovelAi } from './novelai.ts';

/** Those with an unmistakable mark come first: several programs also write the text of another one, and ComfyUI's graph is the most general. */
const READERS: readonly ((texts: FileTexts) => FoundPrompt | null)[] = [
  readEmulsion,
  readInvokeAi,
  readNovelAi,
  readFooocus,
  readDrawThings,
  readAutomatic1111,
  readComfyUi,
];

/** How an image was made, as the program that made it wrote into its file; null if nothing that is known is there. */
export function readPrompt(texts: FileTexts): FoundPrompt | null {
  for (const read of READERS) {
    const found = read(texts);
    if (found) return limited(found);
  }
  return null;
}
