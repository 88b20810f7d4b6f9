import { DecoderError } from '../decoding/operation.ts';
import { StudioError } from '../../contract/errors/errors.ts';

/** The error for a file that can't become an input. `message`: the reason, as a sentence. */
export function refusal(message: string, cause?: unknown): StudioError {
  const sentence = `${message} Nothing was added.`;
  return new StudioError({ code: 'input-invalid', message: sentence }, cause === undefined ? {} : { cause });
}

/**
 * What a decoding process threw, as an error for the person: a file that can't be handled is `input-invalid`. `outcome`: what became of
 * the file, as a sentence.
 */
export function toInputError(thrown: unknown, outcome: string): unknown {
  if (!(thrown instanceof DecoderError && thrown.isFileAtFault)) return thrown;
  const what = thrown.failure === 'timeout' ? 'takes too long' : 'needs too much memory';
  const message = `This image ${what} to read. Save it again in another program, or scale it down first. ${outcome}`;
  return new StudioError({ code: 'input-invalid', message }, { cause: thrown });
}
