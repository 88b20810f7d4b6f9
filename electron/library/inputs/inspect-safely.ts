import { DecoderError, type Decoding } from '../decoding/operation.ts';
import type { InputInspection } from './inspect-input.ts';
import { INSPECT_INPUT } from './operations.ts';
import { refusal } from './refusal.ts';

/**
 * Inspects a file of any kind in a decoding process.
 * @throws StudioError `input-invalid` with a sentence for the person who chose the file; DecoderError
 */
export async function inspectSafely({ decoding }: { decoding: Decoding }, path: string): Promise<InputInspection> {
  return decoding.run(INSPECT_INPUT, { path }).catch((thrown: unknown) => {
    if (!(thrown instanceof DecoderError && thrown.isFileAtFault)) throw thrown;
    const what = thrown.failure === 'timeout' ? 'takes too long' : 'needs too much memory';
    throw refusal(`This image ${what} to read. Save it again in another program, or scale it down first.`, thrown);
  });
}
