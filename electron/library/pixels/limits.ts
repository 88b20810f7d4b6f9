import type { FileFormat } from '../../contract/catalogue/file-formats.ts';

/** The largest image that gets thumbnails, in pixels. It is decoded row by row, in a process with limits of its own. */
export const MAX_THUMBNAIL_PIXELS = 100_000_000;

const DECODABLE: readonly FileFormat[] = ['png', 'jpeg', 'webp', 'gif', 'svg', 'avif', 'tiff'];

/** Whether sharp reads a format, as it is limited here. */
export const isDecodable = (format: FileFormat): boolean => DECODABLE.includes(format);
