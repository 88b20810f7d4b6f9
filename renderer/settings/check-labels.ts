import type {
  CheckReport,
  FindingKind,
  FoundFiles,
  Repair,
  RepairOutcome,
} from '../../electron/contract/entities/checks.ts';
import { formatBytes } from '../shared/format/bytes.ts';
import { formatQuantity } from '../shared/format/counts.ts';

interface Finding {
  title: string;
  /** What to do about it, or what its repair does. */
  advice: string;
  /** What was found, by kind; what nothing was found of isn't here. */
  found: FoundFiles[];
  /** `rebuild`: a new database from the records. */
  repair: { kind: Repair; label: string } | 'rebuild' | null;
}

const PUT_BACK = 'If you have a copy, put it back under the same name.';

/** What a check found, worst first; [] if everything is sound. */
export function findingsOf(report: CheckReport): Finding[] {
  const findings: Finding[] = [
    {
      title: `${formatQuantity(report.damaged.count, 'original')} damaged`,
      advice: `The bytes aren’t those that were saved. They stay as they are. ${PUT_BACK}`,
      found: [report.damaged],
      repair: null,
    },
    {
      title: `${formatQuantity(report.missing.count, 'original')} missing`,
      advice: `The images stay listed with everything that is known about them. ${PUT_BACK}`,
      found: [report.missing],
      repair: null,
    },
    {
      title: `${formatQuantity(report.unreadable.count, 'original')} couldn’t be read`,
      advice: 'Check the disk and the files’ permissions, then check again.',
      found: [report.unreadable],
      repair: null,
    },
    {
      title: `${formatQuantity(report.unlisted.count + report.unlistedRecords.count, 'file')} not listed`,
      advice: 'Adds them to the library: as their records say, or as imported images where there is no record.',
      found: [report.unlisted, report.unlistedRecords],
      repair: { kind: 'unlisted', label: 'Add to library' },
    },
    {
      title: `${formatQuantity(report.records.count, 'record')} missing, incomplete or different`,
      advice: 'Writes them again from the database. What they say now is kept in the quarantine.',
      found: [report.records],
      repair: { kind: 'records', label: 'Write records again' },
    },
    {
      title: `${formatQuantity(report.withoutThumbnail.count, 'image')} without a complete thumbnail`,
      advice: 'Creates the thumbnails again from the originals.',
      found: [report.withoutThumbnail],
      repair: { kind: 'thumbnails', label: 'Create thumbnails again' },
    },
    {
      title: `${formatQuantity(report.orphanRows.count, 'row')} of the database without what they refer to`,
      advice: 'Makes a new database from the records. The old one is kept in the library’s folder.',
      found: [report.orphanRows],
      repair: 'rebuild',
    },
  ];
  return findings
    .map((finding) => ({ ...finding, found: finding.found.filter(({ count }) => count > 0) }))
    .filter(({ found }) => found.length > 0);
}

const REPAIRED: Record<Repair, (count: number) => string> = {
  unlisted: (count) => `${formatQuantity(count, 'file')} added`,
  quarantine: (count) => `${formatQuantity(count, 'file')} moved to the quarantine`,
  records: (count) => `${formatQuantity(count, 'record')} written again`,
  thumbnails: (count) => `Thumbnails of ${formatQuantity(count, 'image')} created again`,
};

/** How a repair ended: "12 files added. 1 had changed since the check and was left alone." */
export function outcomeLine(repair: Repair, { repaired, skipped, failed }: RepairOutcome): string {
  const left =
    skipped === 1 ? '1 had changed since the check and was' : `${skipped} had changed since the check and were`;
  return [
    ...(repaired > 0 || skipped + failed.count === 0 ? [`${REPAIRED[repair](repaired)}.`] : []),
    ...(skipped > 0 ? [`${left} left alone.`] : []),
    ...(failed.count > 0 ? [FAILED[repair](failed.count)] : []),
  ].join(' ');
}

const FAILED: Record<Repair, (count: number) => string> = {
  unlisted: (count) => `${formatQuantity(count, 'file')} couldn’t be added: not an image, or damaged.`,
  quarantine: (count) => `${formatQuantity(count, 'file')} couldn’t be moved.`,
  records: (count) => `${formatQuantity(count, 'record')} couldn’t be written.`,
  thumbnails: (count) => `${formatQuantity(count, 'image')} couldn’t be decoded.`,
};

/** "12 originals checked, 34 MB". */
export function checkedLine({ originals, bytes }: CheckReport): string {
  return `${formatQuantity(originals, 'original')} checked, ${formatBytes(bytes)}`;
}

const KINDS: Record<FindingKind, string> = {
  damaged: 'Damaged originals',
  missing: 'Missing originals',
  unreadable: 'Originals that couldn’t be read',
  unlisted: 'Originals not listed',
  unlistedRecords: 'Records not listed',
  records: 'Records missing, incomplete or different from the database',
  withoutThumbnail: 'Originals without a complete thumbnail',
  orphanRows: 'Rows without what they refer to',
};

/** The heading of a kind in the saved report. */
export function kindHeading(kind: FindingKind): string {
  return KINDS[kind];
}
