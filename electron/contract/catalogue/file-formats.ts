import { FORMATS } from './parameters.ts';

/**
 * What a file that a server sent can be, by its first bytes: the formats that can be requested, others that servers send instead, and
 * what is no image at all. Names are stored, so they never change.
 */
export const FILE_FORMATS = [
  ...FORMATS,
  'avif',
  'heic',
  'jxl',
  'bmp',
  'tiff',
  'ico',
  'pdf',
  'html',
  'json',
  'text',
  'bin',
] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

interface FormatFacts {
  label: string;
  extension: string;
  /** As it is served and sent. Pages and text are never served as such: they come from a server that isn't trusted. */
  mediaType: string;
  /** `browser`: every browser displays it. `converted`: only as PNG. `none`: neither the browser nor Emulsion can. */
  shown: 'browser' | 'converted' | 'none';
  isImage: boolean;
}

const image = (label: string, extension: string, subtype: string, shown: FormatFacts['shown']): FormatFacts => ({
  label,
  extension,
  mediaType: `image/${subtype}`,
  shown,
  isImage: true,
});
const other = (label: string, extension: string): FormatFacts => ({
  label,
  extension,
  mediaType: 'application/octet-stream',
  shown: 'none',
  isImage: false,
});

const FACTS: Readonly<Record<FileFormat, FormatFacts>> = {
  png: image('PNG', 'png', 'png', 'browser'),
  jpeg: image('JPEG', 'jpg', 'jpeg', 'browser'),
  webp: image('WebP', 'webp', 'webp', 'browser'),
  gif: image('GIF', 'gif', 'gif', 'browser'),
  svg: image('SVG', 'svg', 'svg+xml', 'browser'),
  avif: image('AVIF', 'avif', 'avif', 'browser'),
  bmp: image('BMP', 'bmp', 'bmp', 'browser'),
  ico: image('ICO', 'ico', 'x-icon', 'browser'),
  tiff: image('TIFF', 'tif', 'tiff', 'converted'),
  heic: image('HEIC', 'heic', 'heic', 'none'),
  jxl: image('JPEG XL', 'jxl', 'jxl', 'none'),
  pdf: other('PDF', 'pdf'),
  html: other('Web page', 'html'),
  json: other('JSON', 'json'),
  text: other('Text', 'txt'),
  bin: other('Unknown format', 'bin'),
};

export function isFileFormat(value: string): value is FileFormat {
  return Object.hasOwn(FACTS, value);
}

export function fileFormatFacts(format: FileFormat): FormatFacts {
  return FACTS[format];
}
