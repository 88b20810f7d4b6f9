import type { StudioApi } from '../../electron/contract/api.ts';
import { FINDINGS, type CheckReport, type FindingKind } from '../../electron/contract/entities/checks.ts';
import { kindHeading } from './check-labels.ts';

/** Names that are asked for at once. */
const PAGE = 2000;

/**
 * The report of the last check as a text file, with every name that it found.
 * @throws StudioError `not-found` if the check is no longer known
 */
export async function reportFile(
  studio: Pick<StudioApi, 'check'>,
  report: CheckReport,
  { folder, checkedAt }: { folder: string; checkedAt: number },
): Promise<Blob> {
  const parts = [
    'Emulsion: check of a library\n',
    `Folder: ${folder}\n`,
    `Checked: ${new Date(checkedAt).toISOString()}\n`,
    `Originals: ${report.originals}, ${report.bytes} bytes\n`,
    ...section('Damage of the database', report.databaseDamage),
  ];
  for (const kind of FINDINGS) {
    parts.push(`\n${kindHeading(kind)}: ${report[kind].count}\n`);
    if (report[kind].count > 0) for await (const names of namesOf(studio, kind)) parts.push(...names.map(line));
  }
  return new Blob(parts, { type: 'text/plain' });
}

/** The report's file name: the day of the check, in UTC. */
export function reportFileName(checkedAt: number): string {
  return `emulsion-check-${new Date(checkedAt).toISOString().slice(0, 10)}.txt`;
}

async function* namesOf(studio: Pick<StudioApi, 'check'>, kind: FindingKind): AsyncGenerator<string[]> {
  for (let after: number | null = 0; after !== null;) {
    const page: { names: string[]; next: number | null } = await studio.check.findings({ kind, after, limit: PAGE });
    yield page.names;
    after = page.next;
  }
}

function section(heading: string, lines: readonly string[]): string[] {
  return [`\n${heading}: ${lines.length}\n`, ...lines.map(line)];
}

const line = (text: string): string => `  ${text}\n`;
