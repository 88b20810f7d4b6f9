import { megabytes } from './amounts.ts';
import type { ErrorDetail, StorageFault } from './details.ts';
import { say, type ErrorText } from './error-text.ts';

type StorageDetail = Extract<ErrorDetail, { kind: 'storage' }>;

/** Why nothing is sent at the moment, in one sentence. */
export function storageHoldSentence(detail: StorageDetail): string {
  return `Nothing is sent for now: ${storageReason(detail)}.`;
}

/** What to do about it, and what it means for the requests in the queue. */
export function storageHoldNote({ fault }: Pick<StorageDetail, 'fault'>): string {
  return `${STORAGE_REMEDIES[fault]} Queued requests weren’t billed and are sent once this is fixed.`;
}

/** What is wrong with the library's storage. */
export function storageText(detail: StorageDetail): ErrorText {
  const reason = storageReason(detail);
  return say(`${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`, STORAGE_REMEDIES[detail.fault]);
}

function storageReason({ fault, free, needed }: StorageDetail): string {
  if (fault !== 'full' || free === null || needed === null) return STORAGE_REASONS[fault];
  return `${STORAGE_REASONS.full} (${megabytes(free, 'down')} free, ${megabytes(needed, 'up')} needed)`;
}

const STORAGE_REASONS: Readonly<Record<StorageFault, string>> = {
  full: 'the library’s disk is full',
  unwritable: 'the library folder can’t be written',
  'folder-missing': 'the library folder is gone',
  'folder-replaced': 'another folder is in the library’s place',
  'incoming-missing': 'the library’s folder “incoming” is gone',
  'incoming-replaced': 'the library’s folder “incoming” was replaced',
  'database-missing': 'the library’s database file is gone',
  'database-replaced': 'the library’s database file was replaced',
  'database-damaged': 'the library’s database can’t be read',
  'database-busy': 'another program is using the library’s database',
};

const STORAGE_REMEDIES: Readonly<Record<StorageFault, string>> = {
  full: 'Free up space.',
  unwritable: 'Check that its disk is connected and the folder is writable.',
  'folder-missing': 'Put it back, or connect its disk.',
  'folder-replaced': 'Put the library’s folder back, or restart Emulsion.',
  'incoming-missing': 'Put it back, or choose Check again to create it.',
  'incoming-replaced': 'Put the original back, or choose Check again to use this one.',
  'database-missing': 'Put it back, or restart Emulsion.',
  'database-replaced': 'Put the original back, or restart Emulsion.',
  'database-damaged': 'Copy the whole library folder before you do anything else.',
  'database-busy': 'Close that program.',
};

/** Images that were received but couldn't be saved in the library. */
export function unsavedText({ fault, images, kept }: Extract<ErrorDetail, { kind: 'image-unsaved' }>): ErrorText {
  const what = `${unsavedImages(images)} couldn’t be saved in the library${fault === null ? '' : `: ${STORAGE_REASONS[fault]}`}.`;
  return say(what, kept ? unsavedNext(images) : images === 1 ? 'Its file is gone.' : 'Their files are gone.');
}

function unsavedImages(count: number): string {
  return count === 1 ? 'An image was received but' : `${count} images were received but`;
}

function unsavedNext(images: number): string {
  return images === 1
    ? 'It’s kept and will be saved as soon as possible.'
    : 'They’re kept and will be saved as soon as possible.';
}

type IncompleteDetail = Extract<ErrorDetail, { kind: 'library-incomplete' }>;

/** A folder whose files and database don't belong together. */
export function incompleteText(detail: IncompleteDetail): ErrorText {
  return say(incompleteSentence(detail), INCOMPLETE_REMEDIES[detail.state]);
}

function incompleteSentence({ folder, state, originals, records, ...unknown }: IncompleteDetail): string {
  if (state === 'gone') return `The library in ${folder} held images, but the folder is missing or empty now.`;
  const has = `The library in ${folder} has ${counted(originals, 'image file')} and ${counted(records, 'record')}`;
  if (state === 'missing') return `${has}, but its database, library.db, is missing.`;
  if (state === 'empty') return `${has}, but its database, library.db, is empty.`;
  const { unknownRecords, unknownOriginals } = unknown;
  if (unknownRecords + unknownOriginals === 0)
    return `${has}, but its database, library.db, is an older copy: records were written since.`;
  const what = unknownRecords > 0 ? counted(unknownRecords, 'record') : counted(unknownOriginals, 'image file');
  return `${has}, but its database, library.db, doesn’t know ${what}: it is an older copy, or library.db-wal is missing.`;
}

/** Files on the disk, which are counted up to this many. */
const MAX_COUNTED = 10_000;

function counted(count: number, noun: string): string {
  const number = count >= MAX_COUNTED ? `more than ${MAX_COUNTED.toLocaleString('en')}` : count.toLocaleString('en');
  return `${number} ${noun}${count === 1 ? '' : 's'}`;
}

const PUT_DATABASE_BACK = 'Put the newest library.db back, with library.db-wal if there is one, or open it anyway';
const INCOMPLETE_REMEDIES: Readonly<Record<IncompleteDetail['state'], string>> = {
  missing: `${PUT_DATABASE_BACK}: Emulsion then starts with an empty database and leaves every file as it is.`,
  empty: `${PUT_DATABASE_BACK}: Emulsion then starts with an empty database and leaves every file as it is.`,
  older: `${PUT_DATABASE_BACK}: Emulsion then shows what this database knows and keeps every file.`,
  gone: 'Connect its disk or put the folder back, or open it anyway: Emulsion then begins a new library there.',
};
