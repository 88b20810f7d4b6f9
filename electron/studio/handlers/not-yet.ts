import { StudioError } from '../../contract/errors.ts';

/** Stands in for a call that is being built. */
export function notYet(): never {
  throw new StudioError({ code: 'unsupported-here', message: 'This is not built yet. Nothing was sent.' });
}
