import { StudioError, toErrorReport, type Billing } from '../../contract/errors/errors.ts';
import { errorCode } from '../../disk/error-code.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);
const UNWRITABLE = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ENOENT',
  'EIO',
  'EXDEV',
  'ENAMETOOLONG',
  'ELOOP',
]);
const UNWRITABLE_DATABASE = /^SQLITE_(?:READONLY|CANTOPEN|PERM|IOERR|AUTH)/u;
const DAMAGED_DATABASE = /^SQLITE_(?:CORRUPT|NOTADB)/u;
const BUSY_DATABASE = /^SQLITE_(?:BUSY|LOCKED)/u;

/**
 * A disk or database failure as a typed error; anything else is returned unchanged. `detail` is a sentence placed before the
 * advice.
 */
export function toDiskError(
  thrown: unknown,
  { folder, detail, billing = 'none' }: { folder: string; detail?: string; billing?: Billing },
): unknown {
  if (thrown instanceof StudioError) return thrown;
  const code = errorCode(thrown);
  const kept = detail === undefined ? '' : ` ${detail}`;
  const options = { cause: thrown };

  if (FULL.has(code)) {
    const message = `The library’s disk (${folder}) is full.${kept} Free some space and try again.`;
    return new StudioError({ code: 'disk-full', message, billing }, options);
  }
  if (UNWRITABLE.has(code) || UNWRITABLE_DATABASE.test(code)) {
    const message = `Emulsion can’t write to the library folder (${folder}).${kept} Check that the disk is connected and the folder is writable, or choose another folder.`;
    return new StudioError({ code: 'disk-unwritable', message, billing }, options);
  }
  if (DAMAGED_DATABASE.test(code)) {
    const message = `The library’s database in ${folder} is damaged. Your images are separate files in its "originals" folder and weren’t touched.${kept} Copy the whole library folder before you do anything else.`;
    return new StudioError({ code: 'library-damaged', message, billing }, options);
  }
  if (BUSY_DATABASE.test(code)) {
    const message = `Another program is using the library’s database in ${folder}.${kept} Close that program and try again.`;
    return new StudioError({ code: 'library-locked', message, billing }, options);
  }
  return thrown;
}

interface UnsavedFile {
  folder: string;
  what: 'image' | 'partial image';
  /** Path of its bytes; null if they are gone. */
  kept: string | null;
}

/**
 * Any failure while saving a received file, as an error that says where the bytes are. A final image has been billed whatever
 * went wrong; a partial image may have been.
 */
export function toUnsavedError(thrown: unknown, { folder, what, kept }: UnsavedFile): StudioError {
  const billing: Billing = what === 'image' ? 'billed' : 'possible';
  const subject = what === 'image' ? 'The image’s file' : 'The partial image’s file';
  const detail = kept === null ? `${subject} is gone.` : `${subject} is still in ${kept}.`;
  // The error of a transaction doesn't mention the file.
  const cause = thrown instanceof StudioError && thrown.cause !== undefined ? thrown.cause : thrown;
  const explained = toDiskError(cause, { folder, detail, billing });
  if (explained !== cause && explained instanceof StudioError) return explained;
  const report = toErrorReport(thrown);
  return new StudioError({ ...report, message: `${report.message} ${detail}`, billing }, { cause: thrown });
}

/** Whether a failure isn't the file's fault and may end by itself: no space, a busy database, missing permission. */
export function isTransientError(thrown: unknown): boolean {
  const code = errorCode(thrown instanceof StudioError ? thrown.cause : thrown);
  return FULL.has(code) || BUSY_DATABASE.test(code) || TRANSIENT.has(code);
}
const TRANSIENT = new Set(['EACCES', 'EPERM', 'EBUSY', 'EROFS', 'EIO', 'EMFILE', 'ENFILE']);
