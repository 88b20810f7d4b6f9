import type { Snapshot, SnapshotReason } from '../../electron/contract/entities/snapshots.ts';
import { formatBytes } from '../shared/format/bytes.ts';
import { formatQuantity } from '../shared/format/counts.ts';

const REASONS: Readonly<Record<SnapshotReason, string>> = {
  daily: 'Daily',
  migration: 'Before an update of Emulsion',
  deletion: 'Before images were deleted for good',
  manual: 'Made by you',
  restore: 'Before a snapshot was restored',
};

/** Why a snapshot was made. */
export function reasonLabel({ reason }: Pick<Snapshot, 'reason'>): string {
  return REASONS[reason];
}

/** "3 snapshots, 4.6 GB in all". */
export function totalLine(snapshots: readonly Pick<Snapshot, 'bytes'>[]): string {
  const bytes = snapshots.reduce((sum, snapshot) => sum + snapshot.bytes, 0);
  return `${formatQuantity(snapshots.length, 'snapshot')}, ${formatBytes(bytes)} in all`;
}
