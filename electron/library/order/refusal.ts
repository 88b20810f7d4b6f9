import { StudioError } from '../../contract/errors/errors.ts';

/** What can't be done because of what was asked for. Nothing was changed. */
export function refused(sentence: string, field?: string): StudioError {
  const message = `${sentence} Nothing was changed.`;
  return new StudioError({ code: 'parameter-invalid', message, ...(field !== undefined && { field }) });
}

/** What was asked for is gone. */
export function gone(sentence: string): StudioError {
  return new StudioError({ code: 'not-found', message: `${sentence} Nothing was changed.` });
}
