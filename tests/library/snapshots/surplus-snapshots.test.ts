import { describe, expect, it } from 'vitest';
import { snapshotName, surplusSnapshots } from '../../../electron/library/snapshots/snapshot-files.ts';
import { SNAPSHOT_REASONS, type SnapshotReason } from '../../../electron/contract/entities/snapshots.ts';
import fc from '../../fast-check.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const start = Date.UTC(2026, 10, 1, 8);

const made = (madeAt: number, reason: SnapshotReason = 'manual') => ({ name: snapshotName(madeAt, reason), reason });
const newestFirst = <Named extends { name: string }>(snapshots: Named[]): Named[] =>
  snapshots.toSorted((a, b) => (a.name < b.name ? 1 : -1));

describe('snapshots that are not kept', () => {
  it('are those of the afternoon, not those of last week', () => {
    const week = Array.from({ length: 7 }, (_, day) => made(start + day * DAY, 'daily'));
    const afternoon = Array.from({ length: 10 }, (_, hour) => made(start + 7 * DAY + hour * HOUR));
    const surplus = surplusSnapshots(newestFirst([...week, ...afternoon]));
    expect(surplus).toEqual(newestFirst(afternoon.slice(0, 7)));
  });

  it('are the oldest where all are of one day', () => {
    const all = newestFirst(Array.from({ length: 12 }, (_, hour) => made(start + hour * HOUR)));
    expect(surplusSnapshots(all)).toEqual(all.slice(10));
  });

  it('are the oldest days where there is one a day', () => {
    const all = newestFirst(Array.from({ length: 30 }, (_, day) => made(start + day * DAY, 'daily')));
    expect(surplusSnapshots(all)).toEqual(all.slice(10));
  });

  it('are not the ones before an update or a deletion because others of that day came later', () => {
    const updated = made(start + 5 * DAY, 'migration');
    const deleted = made(start + 5 * DAY + HOUR, 'deletion');
    const daily = Array.from({ length: 10 }, (_, day) => made(start + day * DAY + 2 * HOUR, 'daily'));
    const surplus = surplusSnapshots(newestFirst([updated, deleted, ...daily]));
    expect(surplus).toEqual(newestFirst(daily.slice(0, 2)));
  });

  it('leave ten with the newest three, as many days and reasons as there is room for, and every replaced database', () => {
    const snapshots = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 20 * 24 }), fc.constantFrom(...SNAPSHOT_REASONS)), {
        selector: ([hour]) => hour,
        maxLength: 60,
      })
      .map((moments) => newestFirst(moments.map(([hour, reason]) => made(start + hour * HOUR, reason))));
    fc.assert(
      fc.property(snapshots, (all) => {
        const surplus = new Set(surplusSnapshots(all));
        expect([...surplus].filter(({ reason }) => reason === 'restore')).toEqual([]);
        const counted = all.filter(({ reason }) => reason !== 'restore');
        const kept = counted.filter((each) => !surplus.has(each));
        expect(kept).toHaveLength(Math.min(10, counted.length));
        expect(kept.slice(0, 3)).toEqual(counted.slice(0, 3));
        const kinds = (of: typeof all) => new Set(of.map(({ name, reason }) => name.slice(0, 10) + reason)).size;
        // The newest three may be of one day and reason.
        expect(kinds(kept)).toBeGreaterThanOrEqual(Math.min(8, kinds(counted)));
      }),
    );
  });
});
