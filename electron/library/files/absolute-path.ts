import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';

/**
 * A path that a person chose or typed; `~` is their own folder.
 * @param field the payload's field that it was typed in
 * @throws StudioError `parameter-invalid` for one that depends on where Emulsion was started
 */
export function absolutePath(typed: string, field: string): string {
  const path = typed.trim().replace(/^~(?=$|[/\\])/u, () => homedir());
  if (isAbsolute(path)) return path;
  const message = 'Enter the whole path of a file or folder on this computer, from its beginning.';
  throw new StudioError({ code: 'parameter-invalid', message, field });
}
