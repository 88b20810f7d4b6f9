import * as v from 'valibot';
import { StudioError, type Log } from '../../contract/errors/errors.ts';
import { MAX_IMPORT_UPLOAD_BYTES } from '../../contract/rules/import-limits.ts';
import type { Imports } from '../../library/import/imports.ts';
import { readOnlyLibrary } from '../../library/files/read-only-library.ts';
import type { Library } from '../../library/library.ts';
import { receiveFile, type Arriving } from './receive-file.ts';
import { receiveInput } from './receive-input.ts';

/**
 * Handles `POST /inputs?name=<name>`, whose body is a file: an input, or with `import=<id>` one of the files that are imported together; then
 * `name` is its path within what was chosen, and `modified` its date in ms.
 */
export function receiveUpload(
  request: Request,
  { library, imports, log }: { library: Library; imports: Imports; log: Log },
): Promise<Response> {
  const isRefused = library.readOnlyFolder !== null;
  if (isRefused) return receiveFile(request, log, () => Promise.reject(readOnlyLibrary()));
  if (!new URL(request.url).searchParams.has('import')) return receiveInput(library, request, log);
  return receiveFile(request, log, (arriving) => addImport(imports, arriving));
}

const UploadSchema = v.object({
  import: v.pipe(v.string(), v.uuid()),
  name: v.optional(v.pipe(v.string(), v.maxLength(4096)), ''),
  modified: v.optional(v.pipe(v.string(), v.digits(), v.transform(Number), v.maxValue(8.64e15))),
});

async function addImport(imports: Imports, { body, declared, said }: Arriving): Promise<null> {
  const parsed = v.safeParse(UploadSchema, Object.fromEntries(said));
  if (!parsed.success)
    throw new StudioError({ code: 'bad-payload', message: 'The upload isn’t valid. Nothing was added.' });
  const { import: uploadId, name, modified = null } = parsed.output;
  const limit = MAX_IMPORT_UPLOAD_BYTES;
  await imports.uploads.add({ uploadId, name: shownPath(name), modifiedAt: modified, body, declared, limit });
  return null;
}

/** A path as it is shown, on one line; it is never used as a path. */
function shownPath(given: string): string {
  const shown = given
    .replaceAll('\\', '/')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return shown === '' ? 'Image' : shown;
}
