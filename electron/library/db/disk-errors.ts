import type { StorageFault } from '../../contract/errors/details.ts';
import { amendReport, StudioError, toErrorReport, type Billing, type ErrorCode } from '../../contract/errors/errors.ts';
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
const UNREADABLE_DATABASE = /^SQLITE_IOERR(?:_(?:READ|SHORT_READ|DATA|CORRUPTFS))?$/u;
const DAMAGED_DATABASE = /^SQLITE_(?:CORRUPT|NOTADB)/u;
/** SQLite's general error for a value that a JSON function can't read, and for a schema that it can't. */
const MALFORMED = /^malformed /u;
const BUSY_DATABASE = /^SQLITE_(?:BUSY|LOCKED)/u;

/** What happened and what to do, for an error of the disk or the database; null for any other error. */
function diskFault(code: string, folder: string): { code: ErrorCode; what: string; next: string } | null {
  if (FULL.has(code))
    return {
      code: 'disk-full',
      what: `The library’s disk (${folder}) is full.`,
      next: 'Free some space and try again.',
    };
  if (UNREADABLE_DATABASE.test(code))
    return {
      code: 'disk-unwritable',
      what: `The library’s database in ${folder} can’t be read. Your images are separate files in its “originals” folder and weren’t touched.`,
      next: 'Check that the disk is connected and works, then try again.',
    };
  if (UNWRITABLE.has(code) || UNWRITABLE_DATABASE.test(code))
    return {
      code: 'disk-unwritable',
      what: `Emulsion can’t write to the library folder (${folder}).`,
      next: 'Check that the disk is connected and the folder is writable, or choose another folder.',
    };
  if (DAMAGED_DATABASE.test(code))
    return {
      code: 'library-damaged',
      what: `The library’s database in ${folder} is damaged. Your images and their records are separate files in its folders “originals” and “records” and weren’t touched.`,
      next: 'Copy the whole library folder before you do anything else.',
    };
  if (BUSY_DATABASE.test(code))
    return {
      code: 'library-locked',
      what: `Another program is using the library’s database in ${folder}.`,
      next: 'Close that program and try again.',
    };
  return null;
}

/**
 * An error of the disk or the database as a `StudioError`; any other error is returned unchanged.
 * @param detail a sentence between what happened and what to do
 */
export function toDiskError(thrown: unknown, { folder, detail }: { folder: string; detail?: string }): unknown {
  if (thrown instanceof StudioError) return thrown;
  const fault = diskFault(databaseCode(thrown), folder);
  if (!fault) return thrown;
  const message = [fault.what, detail, fault.next].filter((sentence) => sentence !== undefined).join(' ');
  return new StudioError({ code: fault.code, message }, { cause: thrown });
}

/** The error of a database in which a check found damage. `lines`: what SQLite says, for the log. */
export function databaseDamaged(folder: string, lines: readonly string[]): StudioError {
  const cause = Object.assign(new Error(lines.join('\n')), { code: 'SQLITE_CORRUPT' });
  return toDiskError(cause, { folder }) as StudioError;
}

/** The system's or SQLite's error code; `SQLITE_CORRUPT` too for what SQLite calls malformed. */
function databaseCode(thrown: unknown): string {
  const code = errorCode(thrown);
  return code === 'SQLITE_ERROR' && thrown instanceof Error && MALFORMED.test(thrown.message) ? 'SQLITE_CORRUPT' : code;
}

/** Whether the bytes of a received file that could not be saved are still there. */
interface UnsavedFile {
  what: 'image' | 'partial image';
  kept: boolean;
}

/**
 * Any error while saving a received file. A finished image is always billed, even if saving it fails. Says nothing about where the file
 * is: it is moved later, and the report is stored.
 */
export function toUnsavedError(thrown: unknown, { what, kept }: UnsavedFile): StudioError {
  const billing: Billing = what === 'image' ? 'billed' : 'possible';
  const fault = storageFaultOf(thrown);
  const report = toErrorReport(thrown);
  // The error itself says that the file is gone, and perhaps why.
  if (report.code === 'file-missing') return new StudioError(amendReport(report, { billing }), { cause: thrown });
  const code = fault ? storageErrorCode(fault) : report.code;
  const cause = thrown instanceof StudioError && thrown.cause !== undefined ? thrown.cause : thrown;
  return new StudioError({ code, detail: { kind: 'image-unsaved', fault, images: 1, kept }, billing }, { cause });
}

/** The code of an error about the storage. */
export function storageErrorCode(fault: StorageFault): ErrorCode {
  if (fault === 'full') return 'disk-full';
  if (fault === 'database-damaged') return 'library-damaged';
  return fault === 'database-busy' ? 'library-locked' : 'disk-unwritable';
}

/**
 * What is wrong with the library's disk or database, from an error or its cause; null if nothing is: a damaged value in
 * one row, for example, is no reason to keep other requests from being saved.
 */
export function storageFaultOf(thrown: unknown): StorageFault | null {
  if (thrown instanceof StudioError && thrown.report.detail?.kind === 'storage') return thrown.report.detail.fault;
  if (thrown instanceof StudioError) return STORAGE_CODES.has(thrown.code) ? storageFaultOf(thrown.cause) : null;
  const code = databaseCode(thrown);
  if (FULL.has(code)) return 'full';
  if (UNWRITABLE.has(code) || UNWRITABLE_DATABASE.test(code) || GONE.has(code)) return 'unwritable';
  if (DAMAGED_DATABASE.test(code)) return 'database-damaged';
  if (BUSY_DATABASE.test(code)) return 'database-busy';
  return null;
}
const STORAGE_CODES = new Set<ErrorCode>(['disk-full', 'disk-unwritable', 'library-damaged', 'library-locked']);
/** A disk that was disconnected, or a network folder that is. */
const GONE = new Set(['ENODEV', 'ENXIO', 'ESTALE', 'EREMOTEIO', 'ENOTCONN', 'EHOSTDOWN']);

/** Whether a failure isn't the file's fault and may end by itself: no space, a busy database, missing permission. */
export function isTransientError(thrown: unknown): boolean {
  const code = errorCode(thrown instanceof StudioError ? thrown.cause : thrown);
  return FULL.has(code) || BUSY_DATABASE.test(code) || TRANSIENT.has(code);
}
const TRANSIENT = new Set(['EACCES', 'EPERM', 'EBUSY', 'EROFS', 'EIO', 'EMFILE', 'ENFILE']);
