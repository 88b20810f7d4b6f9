import * as v from 'valibot';
import type { FileFormat } from '../catalogue/file-formats.ts';
import type { Sha256, Timestamp } from './ids.ts';

const MAX_PATTERN_LENGTH = 200;

/** Sizes in pixels that a conversion may limit an edge to. */
export const CONVERTED_EDGE = { min: 16, max: 16_384 } as const;

const EdgeSchema = v.pipe(v.number(), v.integer(), v.minValue(CONVERTED_EDGE.min), v.maxValue(CONVERTED_EDGE.max));

/** How an image is encoded again: in sRGB, 8 bits per channel. */
export const ConversionSchema = v.strictObject({
  format: v.picklist(['png', 'jpeg', 'webp', 'avif']),
  /** Of all formats but PNG. */
  quality: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
  /** `own`: as large as it is. `edge`: its longest edge is at most `edge` pixels; `within`: it is at most `width` by `height`. Never enlarged. */
  size: v.picklist(['own', 'edge', 'within']),
  edge: EdgeSchema,
  width: EdgeSchema,
  height: EdgeSchema,
  /** What is behind transparent parts in a JPEG: #rrggbb. */
  background: v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/u)),
  /** With prompt, rating and tags as XMP. */
  details: v.boolean(),
});
export type Conversion = v.InferOutput<typeof ConversionSchema>;
export const DEFAULT_CONVERSION: Conversion = {
  format: 'jpeg',
  quality: 90,
  size: 'own',
  edge: 2048,
  width: 1920,
  height: 1080,
  background: '#ffffff',
  details: true,
};

const Divisions = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));

/** Most columns and rows of a contact sheet's page. */
export const MAX_SHEET = { columns: 10, rows: 10 } as const;

/** How a contact sheet looks. */
export const SheetSchema = v.strictObject({
  paper: v.picklist(['a4', 'letter']),
  orientation: v.picklist(['portrait', 'landscape']),
  columns: Divisions(MAX_SHEET.columns),
  rows: Divisions(MAX_SHEET.rows),
  /** Below each image. `name`: as `names` says. `prompt`: that, and the prompt's first words. */
  caption: v.picklist(['none', 'name', 'prompt']),
  /** At the top of each page; '' for none. */
  title: v.pipe(v.string(), v.maxLength(200)),
});
export type Sheet = v.InferOutput<typeof SheetSchema>;
export const DEFAULT_SHEET: Sheet = {
  paper: 'a4',
  orientation: 'portrait',
  columns: 4,
  rows: 5,
  caption: 'name',
  title: '',
};

/** How images are exported. */
export const ExportOptionsSchema = v.strictObject({
  /** An existing folder on this computer, as an absolute path. */
  folder: v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096)),
  /** `originals`: byte for byte. `copies`: with prompt, rating and tags as XMP where their format has it; signed files stay as they are. `converted`: as `conversion` says. */
  images: v.picklist(['originals', 'copies', 'converted']),
  /** Absent: `DEFAULT_CONVERSION`. */
  conversion: v.optional(ConversionSchema),
  /**
   * `files`: each image on its own. `zip`: one ZIP, with thumbnails, records, a page that shows them, and a table. `sheet`: one PDF that
   * shows them small; `images` says nothing then.
   */
  as: v.picklist(['files', 'zip', 'sheet']),
  /** Absent: `DEFAULT_SHEET`. */
  sheet: v.optional(SheetSchema),
  /** See `nameByPattern`. */
  names: v.pipe(v.string(), v.maxLength(MAX_PATTERN_LENGTH)),
});
export type ExportOptions = v.InferOutput<typeof ExportOptionsSchema>;

/**
 * Why an image wasn't exported: its file isn't in the library folder, or its bytes aren't those that were received; or it can't be converted,
 * because it can't be decoded, or would cost too much time or memory.
 */
export type ExportProblem = 'missing' | 'damaged' | 'undecodable' | 'too-large';

/** What an export has written. */
export interface ExportResult {
  /** Where it is: the folder, the ZIP or the PDF. */
  path: string;
  images: number;
  /** Of a contact sheet: its pages, and the images in whose text something couldn't be drawn: no font on this computer has it. */
  sheet?: { pages: number; undrawn: number };
  bytes: number;
  /** Of the copies, those that stayed byte for byte: signed ones, and those whose format or structure has no place for XMP. */
  signed: number;
  unchanged: number;
  /** Of the copies, those without XMP of another program that was damaged or too large. The originals keep it. */
  dropped: number;
  /** Images that weren't exported; the first hundred by name. */
  failed: number;
  problems: { name: string; problem: ExportProblem }[];
}

/** Facts of an image that file names are made of. */
export interface NamedImage {
  createdAt: Timestamp;
  /** '' for none. */
  prompt: string;
  model: string;
  width: number;
  height: number;
  /** '' where none was asked for. */
  quality: string;
  rating: number;
  sha256: Sha256;
}

/** What an export would be of. */
export interface ExportPreview {
  images: number;
  /** The first three in its order, and what their files are. */
  first: (NamedImage & { format: FileFormat })[];
}
