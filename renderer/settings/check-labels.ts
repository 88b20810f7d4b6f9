import type { CheckReport, FoundFiles } from '../../electron/contract/entities/checks.ts';
import { formatBytes } from '../shared/format/bytes.ts';
import { formatQuantity } from '../shared/format/counts.ts';

interface Finding {
  title: string;
  /** What to do about it. */
  advice: string;
  found: FoundFiles;
}

/** What a check found, worst first; [] if everything is sound. */
export function findingsOf(report: CheckReport): Finding[] {
  const findings: Finding[] = [
    {
      title: `${formatQuantity(report.damaged.count, 'original')} damaged`,
      advice: 'The bytes aren’t those that were saved. If you have a copy, put it back under the same name.',
      found: report.damaged,
    },
    {
      title: `${formatQuantity(report.missing.count, 'original')} missing`,
      advice: 'If you have a copy, put it back under the same name.',
      found: report.missing,
    },
    {
      title: `${formatQuantity(report.unreadable.count, 'original')} couldn’t be read`,
      advice: 'Check the disk and the files’ permissions, then check again.',
      found: report.unreadable,
    },
    {
      title: `${formatQuantity(report.unlisted.count, 'file')} not listed`,
      advice: 'The library doesn’t show these files. Import them to add them as images.',
      found: report.unlisted,
    },
    {
      title: `${formatQuantity(report.withoutThumbnail.count, 'image')} without a thumbnail`,
      advice: 'The originals are there.',
      found: report.withoutThumbnail,
    },
  ];
  return findings.filter(({ found }) => found.count > 0);
}

/** The lines that have no files. */
export function otherLines({ incompleteRecords, databaseDamage }: CheckReport): string[] {
  return [
    ...(databaseDamage.length > 0 ? ['The database is damaged.'] : []),
    ...(incompleteRecords > 0
      ? [`${formatQuantity(incompleteRecords, 'record')} incomplete. Written again at the next start.`]
      : []),
  ];
}

/** "12 originals checked, 34 MB". */
export function checkedLine({ originals, bytes }: CheckReport): string {
  return `${formatQuantity(originals, 'original')} checked, ${formatBytes(bytes)}`;
}
