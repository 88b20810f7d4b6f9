import { StudioError, type Billing } from '../contract/errors.ts';

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

/** The system's or SQLite's name for a failure, for instance `ENOSPC` or `SQLITE_CORRUPT`; '' for anything else. */
export function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}

/**
 * What a failure of the disk or the database means for a person. What is neither comes back as it was, so that nothing is dressed
 * up as a disk's fault. `kept` is the file of a paid picture that could not be put away: it stays, and the message says where.
 */
export function explainDiskError(thrown: unknown, at: { folder: string; kept?: string }): unknown {
  if (thrown instanceof StudioError) {
    // Told once already, by a transaction that knew nothing of the file.
    const tellAgain = at.kept !== undefined && thrown.report.billing === 'none' && thrown.cause !== undefined;
    return tellAgain ? explainDiskError(thrown.cause, at) : thrown;
  }
  const code = errorCode(thrown);
  const kept = at.kept === undefined ? '' : ` The picture that was paid for is still in ${at.kept}.`;
  const billing: Billing = at.kept === undefined ? 'none' : 'billed';
  const options = { cause: thrown };

  if (FULL.has(code)) {
    const message = `The disk that holds the library (${at.folder}) is full.${kept} Make room and try again.`;
    return new StudioError({ code: 'disk-full', message, billing }, options);
  }
  if (UNWRITABLE.has(code) || UNWRITABLE_DATABASE.test(code)) {
    const message = `Emulsion cannot write to its library folder (${at.folder}).${kept} Check that the disk is connected and that you may write to the folder, or choose another one.`;
    return new StudioError({ code: 'disk-unwritable', message, billing }, options);
  }
  if (DAMAGED_DATABASE.test(code)) {
    const message = `The library's database in ${at.folder} is damaged. Your pictures are files of their own in its folders "originals" and "records" and were not touched.${kept} Make a copy of the whole folder before anything else.`;
    return new StudioError({ code: 'library-damaged', message, billing }, options);
  }
  if (BUSY_DATABASE.test(code)) {
    const message = `Another program holds the database of the library in ${at.folder}.${kept} Close that program and try again.`;
    return new StudioError({ code: 'library-locked', message, billing }, options);
  }
  return thrown;
}
