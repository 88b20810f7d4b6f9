import type { QuarantinedFile, QuarantineReason } from '../../electron/contract/entities/quarantine.ts';
import { formatBytes } from '../shared/format/bytes.ts';
import { formatDateTime } from '../shared/format/time.ts';

const REASONS: Record<QuarantineReason, string> = {
  response: 'Part of an image that wasn’t received completely',
  unlisted: 'Original that the library didn’t list',
  record: 'What a record said before it was written again',
  database: 'Part of an earlier database',
  left: 'Left by a session that was interrupted',
  added: 'Not put here by Emulsion',
};

/** Why a file is there, as a sentence without its full stop. */
export function reasonLabel(reason: QuarantineReason): string {
  return REASONS[reason];
}

/** "12 KB, moved Dec 2, 2026, 18:30"; a file that Emulsion didn't move says when it was changed */
export function factsLine({ bytes, at, reason }: QuarantinedFile): string {
  return `${formatBytes(bytes)}, ${reason === 'added' ? 'changed' : 'moved'} ${formatDateTime(at)}`;
}
