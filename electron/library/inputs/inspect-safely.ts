import type { Decoding } from '../decoding/operation.ts';
import type { InputInspection } from './inspect-input.ts';
import { INSPECT_INPUT } from './operations.ts';
import { toInputError } from './refusal.ts';

/**
 * Inspects a file of any kind in a decoding process.
 * @throws StudioError `input-invalid` with a sentence for the person who chose the file; DecoderError
 */
export async function inspectSafely({ decoding }: { decoding: Decoding }, path: string): Promise<InputInspection> {
  return decoding.run(INSPECT_INPUT, { path }).catch((thrown: unknown) => {
    throw toInputError(thrown, 'Nothing was added.');
  });
}
