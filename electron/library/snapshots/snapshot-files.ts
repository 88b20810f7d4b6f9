import fs from 'node:fs/promises';
import { join } from 'node:path';
import { SNAPSHOT_REASONS, type Snapshot, type SnapshotReason } from '../../contract/entities/snapshots.ts';
import { errorCode } from '../../disk/error-code.ts';
import { SNAPSHOTS } from '../files/folders.ts';

/** Snapshots that are kept; others are removed once a newer one is proven. */
const MAX_KEPT = 10;
/** The newest, which are kept even if they are all of one day. */
const NEWEST_KEPT = 3;

/** The end of a name while the copy isn't proven. */
const UNPROVEN = '.part';
const NAME = new RegExp(
  `^(?<day>\\d{4}-\\d{2}-\\d{2})T(?<time>\\d{2}-\\d{2}-\\d{2}\\.\\d{3})Z-(?<reason>${SNAPSHOT_REASONS.join('|')})\\.db$`,
  'u',
);

/** `2026-12-02T09-30-00.000Z-daily.db`: names sort by time. */
export function snapshotName(madeAt: number, reason: SnapshotReason): string {
  return `${new Date(madeAt).toISOString().replaceAll(':', '-').slice(0, -1)}Z-${reason}.db`;
}

export function snapshotPath(folder: string, name: string): string {
  return join(folder, SNAPSHOTS, name);
}

/** Where a snapshot is written until it is proven. */
export function unprovenPath(folder: string, name: string): string {
  return snapshotPath(folder, name) + UNPROVEN;
}

/** The proven snapshots of a library, newest first. */
export async function listSnapshots(folder: string): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  for (const name of (await namesIn(folder)).sort().reverse()) {
    const match = NAME.exec(name)?.groups;
    if (!match) continue;
    const { day = '', time = '', reason } = match;
    const madeAt = Date.parse(`${day}T${time.replaceAll('-', ':')}Z`);
    const stat = await fs.stat(snapshotPath(folder, name)).catch(() => null);
    if (stat?.isFile() && !Number.isNaN(madeAt))
      found.push({ name, madeAt, reason: reason as SnapshotReason, bytes: stat.size });
  }
  return found;
}

/** After a clock that was set back, the newest snapshot must still be the last by name. */
export async function freeSnapshotName(folder: string, reason: SnapshotReason, now: number): Promise<string> {
  const newest = (await listSnapshots(folder))[0]?.madeAt ?? 0;
  return snapshotName(Math.max(now, newest + 1), reason);
}

/** Removes what a crash left of snapshots that weren't proven. */
export async function removeUnproven(folder: string): Promise<void> {
  for (const name of await namesIn(folder))
    if (/\.db\.part(?:-journal|-wal|-shm)?$/u.test(name)) await fs.rm(snapshotPath(folder, name), { force: true });
}

/**
 * Those of the snapshots, newest first, that aren't kept: after the newest three, the last one of each day (UTC) and reason comes before
 * others. So ten of one afternoon don't push out last week's, and the one made before an update isn't pushed out by that
 * day's next. Databases that were replaced
 * by a snapshot aren't counted, and stay.
 */
export function surplusSnapshots<Named extends Pick<Snapshot, 'name' | 'reason'>>(
  snapshots: readonly Named[],
): Named[] {
  const counted = snapshots.filter(({ reason }) => reason !== 'restore');
  const seen = new Set<string>();
  const [first, others]: [Named[], Named[]] = [[], []];
  for (const [at, snapshot] of counted.entries()) {
    const dayAndReason = `${snapshot.name.slice(0, 'YYYY-MM-DD'.length)} ${snapshot.reason}`;
    const comesFirst = at < NEWEST_KEPT || !seen.has(dayAndReason);
    seen.add(dayAndReason);
    (comesFirst ? first : others).push(snapshot);
  }
  return [...first, ...others].slice(MAX_KEPT);
}

/** Removes surplus snapshots. Call it when a newer one is proven and durable. */
export async function pruneSnapshots(folder: string): Promise<void> {
  for (const { name } of surplusSnapshots(await listSnapshots(folder)))
    await fs.rm(snapshotPath(folder, name), { force: true });
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await fs.readdir(join(folder, SNAPSHOTS));
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}
