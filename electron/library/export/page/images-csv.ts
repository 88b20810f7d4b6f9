import type { ImageRecord } from '../../../contract/entities/image-records.ts';

/** Where an image and its record are in a ZIP. */
export interface ListedImage {
  record: ImageRecord;
  file: string;
  /** Null: it has none. */
  thumbnail: string | null;
  /** Its record's name; null where none could be written. */
  sidecar: string | null;
  /** Of the file that was exported. */
  bytes: number;
  /** Of the file that was exported: 64 hexadecimal digits. */
  sha256: string;
}

/** Columns of `images.csv`. */
const COLUMNS: Record<string, (image: ListedImage) => string | number> = {
  file: ({ file }) => file,
  created: ({ record }) => new Date(record.createdAt).toISOString(),
  prompt: ({ record }) => record.prompt,
  negative_prompt: ({ record }) => record.imported?.negativePrompt ?? '',
  model: ({ record }) => record.model,
  width: ({ record }) => record.width,
  height: ({ record }) => record.height,
  bytes: ({ bytes }) => bytes,
  sha256: ({ sha256 }) => sha256,
  rating: ({ record }) => record.marks.rating,
  favourite: ({ record }) => (record.marks.favourite ? 'yes' : ''),
  rejected: ({ record }) => (record.marks.rejected ? 'yes' : ''),
  tags: ({ record }) => record.tags.map(({ path }) => path).join('; '),
  collections: ({ record }) => record.collections.map(({ name }) => name).join('; '),
  note: ({ record }) => record.note,
  cost_usd: ({ record }) => (record.cost === null ? '' : (record.cost / 1e6).toFixed(6)),
  source: ({ record }) => (record.imported ? 'imported' : 'created'),
  original_sha256: ({ record }) => record.sha256,
  record: ({ sidecar }) => sidecar ?? '',
};

/** The first line. The mark before it tells spreadsheets that the text is UTF-8. */
export const CSV_HEAD = `\ufeff${Object.keys(COLUMNS).join(',')}\r\n`;

/** An image's line (RFC 4180). */
export function csvLine(image: ListedImage): string {
  return `${Object.values(COLUMNS)
    .map((column) => csvCell(column(image)))
    .join(',')}\r\n`;
}

/** What a spreadsheet would take for a formula gets an apostrophe (owasp.org/www-community/attacks/CSV_Injection). */
function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
