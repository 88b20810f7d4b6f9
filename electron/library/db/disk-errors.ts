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
 * What a failure of the disk or the database means for a person. What is neither comes back as it was, so that nothing is dressed
 * up as a disk's fault. `aside` is a sentence that stands before what to do next.
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
    const message = `The disk that holds the library (${folder}) is full.${kept} Make room and try again.`;
    return new StudioError({ code: 'disk-full', message, billing }, options);
  }
  if (UNWRITABLE.has(code) || UNWRITABLE_DATABASE.test(code)) {
    const message = `Emulsion cannot write to its library folder (${folder}).${kept} Check that the disk is connected and that you may write to the folder, or choose another one.`;
    return new StudioError({ code: 'disk-unwritable', message, billing }, options);
  }
  if (DAMAGED_DATABASE.test(code)) {
    const message = `The library's database in ${folder} is damaged. Your images are files of their own in its folders "originals" and "records" and were not touched.${kept} Make a copy of the whole folder before anything else.`;
    return new StudioError({ code: 'library-damaged', message, billing }, options);
  }
  if (BUSY_DATABASE.test(code)) {
    const message = `Another program holds the database of the library in ${folder}.${kept} Close that program and try again.`;
    return new StudioError({ code: 'library-locked', message, billing }, options);
  }
  return thrown;
}

/** What is lost or kept when an arrived file could not be put away. */
interface UnsavedFile {
  folder: string;
  what: 'image' | 'partial image';
  /** Where its bytes are; null when they are nowhere any more. */
  kept: string | null;
}

/**
 * Whatever went wrong on the way into the library, as an error that says where the bytes are and what is known about money: a finished
 * image is always paid for, whoever is at fault. Here no error stays without a sentence.
 */
export function toUnsavedError(thrown: unknown, { folder, what, kept }: UnsavedFile): StudioError {
  const billing: Billing = what === 'image' ? 'billed' : 'possible';
  const subject = what === 'image' ? 'The image that was paid for' : 'The partial image';
  const detail = kept === null ? `${subject} is no longer on the disk.` : `${subject} is still in ${kept}.`;
  // A transaction has told it already, but knew nothing of the file.
  const cause = thrown instanceof StudioError && thrown.cause !== undefined ? thrown.cause : thrown;
  const explained = toDiskError(cause, { folder, detail, billing });
  if (explained !== cause && explained instanceof StudioError) return explained;
  const report = toErrorReport(thrown);
  return new StudioError({ ...report, message: `${report.message} ${detail}`, billing }, { cause: thrown });
}

/** Whether a failure says nothing about the file at hand: it ends when there is room, or when somebody lets go or gives leave. */
export function isTransientError(thrown: unknown): boolean {
  const code = errorCode(thrown instanceof StudioError ? thrown.cause : thrown);
  return FULL.has(code) || BUSY_DATABASE.test(code) || TRANSIENT.has(code);
}
const TRANSIENT = new Set(['EACCES', 'EPERM', 'EBUSY', 'EROFS', 'EIO', 'EMFILE', 'ENFILE']);
