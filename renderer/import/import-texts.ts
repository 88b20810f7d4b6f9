import type {
  BroughtMark,
  ImportReport,
  ImportResult,
  RefusedCount,
} from '../../electron/contract/entities/imports.ts';
import type { RunOf } from '../../electron/contract/entities/runs.ts';
import { softwareLabel } from '../../electron/contract/rules/prompt-sources.ts';
import { fileFormatFacts } from '../../electron/contract/catalogue/file-formats.ts';
import { formatBytes } from '../shared/format/bytes.ts';
import { formatCount, formatQuantity } from '../shared/format/counts.ts';

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** "1.2 GB · 3 May 2023 – 2 Dec 2026" */
export function extentText({ bytes, dates }: ImportReport): string {
  if (!dates) return formatBytes(bytes);
  const [first, last] = [day.format(dates.first), day.format(dates.last)];
  return `${formatBytes(bytes)} · ${first === last ? first : `${first} – ${last}`}`;
}

/** What is said before an import for which the library's disk has no room; null where it has, and where that isn't known. */
export function roomText({ bytes, free }: ImportReport): string | null {
  if (free === null || bytes <= free) return null;
  return `There isn’t enough room on the library’s disk: these images need ${formatBytes(bytes)}, ${formatBytes(bytes - free)} more than is free. Nothing is imported yet. Free some space, or choose fewer files: an import stops when the disk is full, and keeps what came in until then.`;
}

/** "400 PNG, 12 JPEG" */
export function formatsText({ formats }: ImportReport): string {
  return formats.map(({ format, count }) => `${formatCount(count)} ${fileFormatFacts(format).label}`).join(', ');
}

/** "200 from Automatic1111, 110 from ComfyUI" */
export function promptsText({ prompts }: ImportReport): string {
  return prompts.map(({ source, count }) => `${formatCount(count)} from ${softwareLabel(source)}`).join(', ');
}

const MARKS: Readonly<Record<BroughtMark, string>> = {
  ratings: 'ratings',
  rejects: 'rejects',
  favourites: 'favourites',
  tags: 'tags',
  notes: 'notes',
  collections: 'collections',
};
const list = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** "Ratings, tags and collections of 120 images"; '' if nothing comes with them. */
export function broughtText({ brought: { images, marks } }: ImportReport): string {
  const text = list.format(marks.map((mark) => MARKS[mark]));
  return images === 0 ? '' : `${text.slice(0, 1).toUpperCase()}${text.slice(1)} of ${formatQuantity(images, 'image')}`;
}

/** What is said of records that aren't read as usual; null for nothing. */
export function recordsText({ records: { ignored, newer } }: ImportReport): string | null {
  const parts = [
    ignored > 0 ? `${formatCount(ignored)} ignored: damaged, or of none of these images` : '',
    newer > 0 ? `${formatCount(newer)} from a newer version of Emulsion, kept as text` : '',
  ];
  return parts.filter((part) => part !== '').join(' · ') || null;
}

export const refusedTotal = (counts: readonly RefusedCount[]): number =>
  counts.reduce((sum, { count }) => sum + count, 0);

/** How an import ended: "412 imported, 8 duplicates skipped, 3 couldn’t be imported". */
export function endText(run: RunOf<'import'>, report: ImportReport | null): string {
  const { result } = run;
  if (result) return resultText(result, report);
  const part = `${formatCount(run.done)} of ${formatQuantity(run.total ?? run.done, 'file')}`;
  return run.state === 'cancelled' ? `Cancelled after ${part}.` : `Stopped after ${part}.`;
}

function resultText({ imported, known, refused }: ImportResult, report: ImportReport | null): string {
  const duplicates = known + (report?.known ?? 0) + (report?.repeated ?? 0);
  const not = refusedTotal(refused) + refusedTotal(report?.refused ?? []);
  const parts = [`${formatCount(imported)} imported`];
  if (duplicates > 0) parts.push(`${formatQuantity(duplicates, 'duplicate')} skipped`);
  if (not > 0) parts.push(`${formatCount(not)} couldn’t be imported`);
  return parts.join(', ');
}
