import { StudioError } from '../../contract/errors/errors.ts';

/** Why something isn't done in a library that can't be written. */
export function readOnlyLibrary(): StudioError {
  const message =
    'This library is read-only. Nothing was sent or changed. To change it, copy it to another disk (Settings, Library folder, Copy or move) and open the copy.';
  return new StudioError({ code: 'unsupported-here', message });
}
