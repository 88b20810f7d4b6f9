import { textNamed, type FileTexts } from './found-prompt.ts';

const EXIF_DATE = /^(\d{4}):(\d\d):(\d\d)[ T](\d\d):(\d\d):(\d\d)/u;
const OFFSET = /^[+-]\d\d:\d\d$/u;
/** No image is older than the first photograph, and clocks of other computers may be a day ahead. */
const FIRST_YEAR = 1826;

/**
 * When an image was made, as its file says, in ms; null if it doesn't say. EXIF's date has no time zone of its own: without one it is read as
 * this computer's.
 */
export function readTakenAt(texts: FileTexts): number | null {
  const exif = exifDate(textNamed(texts, 'DateTimeOriginal'), textNamed(texts, 'OffsetTimeOriginal', 'OffsetTime'));
  const xmp = textNamed(texts, 'exif:DateTimeOriginal', 'photoshop:DateCreated', 'xmp:CreateDate');
  const others = [exifDate(textNamed(texts, 'DateTimeDigitized', 'DateTime'), textNamed(texts, 'OffsetTime'))];
  return (
    [exif, isoDate(xmp), ...others, isoDate(textNamed(texts, 'Creation Time', 'date:create'))].find(isDate) ?? null
  );
}

const isDate = (date: number | null): date is number => date !== null && new Date(date).getUTCFullYear() >= FIRST_YEAR;

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
