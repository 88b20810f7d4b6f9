import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import { parameterName } from '../../state/parameter-labels.ts';
import type { RecordRow } from '../record/record-row.ts';
import { answerRows, fileRows, moreRows, imageRows } from '../record/record-rows.ts';

/** One line of the comparison; '' where one of the two has no such thing. */
export interface CompareRow {
  label: string;
  first: string;
  second: string;
  differs: boolean;
}

/** True of any two images, and of no use. */
const IGNORED_LABELS = new Set([
  'Request',
  'SHA-256',
  'Answered',
  'Server time',
  'Sent',
  'Finished',
  'Count',
  'Pixels',
  'On disk',
]);

/** Everything about two images side by side: what they show first, then what was asked, what it cost and how it was made. */
export function compareRows(first: ImageRecord, second: ImageRecord): CompareRow[] {
  const [left, right] = [linesOf(first), linesOf(second)];
  const labels = [...new Set([...left.keys(), ...right.keys()])].filter((label) => !IGNORED_LABELS.has(label));
  return labels.map((label) => {
    const [one, other] = [left.get(label) ?? '', right.get(label) ?? ''];
    return { label, first: one, second: other, differs: one !== other };
  });
}

/** A record's lines by their labels. */
function linesOf(record: ImageRecord): Map<string, string> {
  const lines = new Map<string, string>();
  const add = ({ label, value, hint }: RecordRow, withHint: boolean): void => {
    if (!lines.has(label)) lines.set(label, withHint && hint ? `${value}, ${hint}` : value);
  };
  for (const row of imageRows(record)) add(row, row.label === parameterName('output_format'));
  for (const row of moreRows(record)) add(row, row.label === 'SVG model');
  for (const row of answerRows(record)) add(row, row.label === 'Input');
  for (const row of fileRows(record)) add(row, false);
  return lines;
}
