import { StudioError } from '../../contract/errors/errors.ts';

/** The error for a file that can't become an input. `message`: the reason, as a sentence. */
export function refusal(message: string, cause?: unknown): StudioError {
  const sentence = `${message} Nothing was added.`;
  return new StudioError({ code: 'input-invalid', message: sentence }, cause === undefined ? {} : { cause });
}
