import type { Timestamp } from '../../../contract/entities/ids.ts';
import { textNamed, type FileTexts } from './found-prompt.ts';
import { isLikelyDate } from './likely-date.ts';

const EXIF_DATE = /^(\d{4}):(\d\d):(\d\d)[ T](\d\d):(\d\d):(\d\d)/u;
const OFFSET = /^[+-]\d\d:\d\d$/u;

/**
 * When an image was made, as its file says, in ms: the first of its dates that can be true; null if it has none. EXIF's date has no time zone of
 * its own: without one it is read as this computer's.
 */
export function readTakenAt(texts: FileTexts, now: Timestamp): number | null {
  const exif = exifDate(textNamed(texts, 'DateTimeOriginal'), textNamed(texts, 'OffsetTimeOriginal', 'OffsetTime'));
  const exifOf = (name: string): number | null => exifDate(textNamed(texts, name), textNamed(texts, 'OffsetTime'));
  const isoOf = (name: string): number | null => isoDate(textNamed(texts, name));
  const dates = [
    exif,
    ...['exif:DateTimeOriginal', 'photoshop:DateCreated', 'xmp:CreateDate'].map(isoOf),
    ...['DateTimeDigitized', 'DateTime'].map(exifOf),
    ...['Creation Time', 'date:create'].map(isoOf),
  ];
  return dates.find((date) => isLikelyDate(date, now)) ?? null;
}

function exifDate(text: string | null, offset: string | null): number | null {
  const parts = text === null ? null : EXIF_DATE.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const zone = offset !== null && OFFSET.test(offset) ? offset : '';
  return isoDate(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
}

function isoDate(text: string | null): number | null {
  // Without a time a date would be read as UTC.
  if (text === null || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/u.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : date;
}
