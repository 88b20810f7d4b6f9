import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import { parameterName } from '../../state/parameter-labels.ts';
import type { RecordRow } from '../../record/record-row.ts';
import { responseRows, fileRows, moreRows, imageRows } from '../../record/record-rows.ts';

/** One row of the comparison; '' if the image has no such value. */
export interface CompareRow {
  label: string;
  first: string;
  second: string;
  differs: boolean;
}

/** Values that differ for any two images. */
const IGNORED_LABELS = new Set([
  'Request ID',
  'SHA-256',
  'Reported',
  'Server time',
  'Sent',
  'Finished',
  'Count',
  'Pixels',
  'On disk',
]);

/** The records of two images as rows: the image, then its request, cost and file. */
export function compareRows(first: ImageRecord, second: ImageRecord): CompareRow[] {
  const [left, right] = [linesOf(first), linesOf(second)];
  const labels = [...new Set([...left.keys(), ...right.keys()])].filter((label) => !IGNORED_LABELS.has(label));
  return labels.map((label) => {
    const [one, other] = [left.get(label) ?? '', right.get(label) ?? ''];
    return { label, first: one, second: other, differs: one !== other };
  });
}

/** The rows of a record by label. */
function linesOf(record: ImageRecord): Map<string, string> {
  const lines = new Map<string, string>();
  const add = ({ label, value, hint }: RecordRow, withHint: boolean): void => {
    if (!lines.has(label)) lines.set(label, withHint && hint ? `${value}, ${hint}` : value);
  };
  for (const row of imageRows(record)) add(row, row.label === parameterName('output_format'));
  for (const row of moreRows(record)) add(row, row.label === 'SVG model');
  for (const row of responseRows(record)) add(row, row.label === 'Input');
  for (const row of fileRows(record)) add(row, false);
  return lines;
}
