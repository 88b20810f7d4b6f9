import type { Log } from '../../contract/errors/errors.ts';
import { MAX_UPLOAD_BYTES } from '../../contract/rules/input-rules.ts';
import { truncateName } from '../../library/inputs/input-files.ts';
import { addInput } from '../../library/inputs/add-input.ts';
import type { Library } from '../../library/library.ts';
import { receiveFile } from './receive-file.ts';

/**
 * Receives an input: the outcome is an `InputImage`. The name is only displayed, never used as a path.
 * @param limit in bytes, enforced while they arrive
 */
export function receiveInput(
  library: Library,
  request: Request,
  log: Log,
  limit = MAX_UPLOAD_BYTES,
): Promise<Response> {
  return receiveFile(request, log, ({ body, declared, said }) =>
    addInput(library, { body, declared, limit, name: fileName(said.get('name') ?? '') }),
  );
}

/** The last part of a path, on one line. */
function fileName(given: string): string {
  const [last = ''] = given.split(/[/\\]/u).slice(-1);
  const shown = truncateName(last.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim());
  return shown === '' ? 'Image' : shown;
}
