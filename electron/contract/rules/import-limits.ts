import { MAX_UPLOAD_BYTES } from './input-rules.ts';

/** Largest image file that is imported, bytes. */
export const MAX_IMPORT_BYTES = MAX_UPLOAD_BYTES;
/** Files and folders of one import. Each costs a few hundred bytes of memory until it has ended. */
export const MAX_IMPORT_FILES = 500_000;
/** Largest file beside the images in which an export speaks of them, bytes: parsing needs many times its size. */
export const MAX_BESIDE_BYTES = 128 * 1024 * 1024;
/** All such files of one export, bytes. */
export const MAX_BESIDE_TOTAL_BYTES = 1024 * 1024 * 1024;
/** Files in one ZIP: an export of Emulsion has three for each image, and all images that one import takes have to fit. */
export const MAX_ZIP_ENTRIES = 2_000_000;
/** Largest file that the page uploads to be imported, bytes: a ZIP. */
export const MAX_IMPORT_UPLOAD_BYTES = 64 * 1024 ** 3;
