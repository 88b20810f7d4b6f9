import { setImmediate } from 'node:timers/promises';
import type { ImageId } from '../../contract/entities/ids.ts';
import { prepare, transact, type Readable } from '../db/database.ts';
import type { Library } from '../files/library-handle.ts';
import { markSidecarOutdated, sidecarOf, type SidecarId } from '../files/sidecar-marks.ts';
import { RECORDED, RECORDED_TABLES, type RecordedTable } from './recorded-tables.ts';
import { writeSidecar } from './write-sidecar.ts';

/** Outdated sidecars, or missing ones, of ended requests and of imports; oldest first. */
export function listOutdatedSidecars(db: Readable): SidecarId[] {
  return RECORDED_TABLES.flatMap((table) => {
    const { at, ended } = RECORDED[table];
    const sql = `SELECT id FROM ${table} WHERE recorded_at IS NULL AND ${ended} ORDER BY ${at}`;
    return prepare<[], { id: SidecarId }>(db, sql)
      .all()
      .map(({ id }) => id);
  });
}

/** Writes those sidecars of these that are outdated. Errors go to `failed`; the next start retries. */
export async function writeSidecars(
  library: Library,
  ids: readonly SidecarId[],
  failed: (thrown: unknown) => void,
): Promise<void> {
  for (const id of new Set(ids)) if (isOutdated(library.db, id)) await writeSidecar(library, id).catch(failed);
}

/** As {@link writeSidecars}, for the sidecars that have these images. */
export function writeSidecarsOf(
  library: Library,
  images: readonly ImageId[],
  failed: (thrown: unknown) => void,
): Promise<void> {
  const sql = 'SELECT generation_id, import_id FROM images WHERE id = ?';
  const find = prepare<[string], Parameters<typeof sidecarOf>[0]>(library.db, sql);
  return writeSidecars(library, images.flatMap((id) => find.get(id) ?? []).map(sidecarOf), failed);
}

function isOutdated(db: Readable, id: SidecarId): boolean {
  return RECORDED_TABLES.some((table) => {
    const sql = `SELECT 1 AS outdated FROM ${table} WHERE id = ? AND recorded_at IS NULL AND ${RECORDED[table].ended}`;
    return prepare<[string], { outdated: number }>(db, sql).get(id) !== undefined;
  });
}

/** Sidecars that are listed at once: about a millisecond. */
const PAGE = 200;

interface Outdated {
  id: SidecarId;
  at: number;
}

/**
 * Writes all outdated sidecars of ended requests and of imports, oldest first, however many there are. Errors go to `failed`; the next start
 * retries.
 * @param except those that are left outdated
 * @returns those that couldn't be written
 */
export async function writeOutdatedSidecars(
  library: Library,
  options: { failed(thrown: unknown): void; signal?: AbortSignal | undefined; except?: ReadonlySet<SidecarId> },
): Promise<Set<SidecarId>> {
  const { failed, signal, except } = options;
  const refused = new Set<SidecarId>();
  for (const table of RECORDED_TABLES) {
    const next = (after: Outdated | null): Outdated[] => readPage(library.db, table, after);
    for (let page = next(null); page.length > 0; page = next(page.at(-1) ?? null)) {
      for (const { id } of page) {
        if (signal?.aborted) return refused;
        if (except?.has(id)) continue;
        await writeSidecar(library, id).catch((thrown: unknown) => {
          refused.add(id);
          // Work stopped because the application is closing stays due.
          if (!signal?.aborted) failed(thrown);
        });
      }
      await setImmediate();
    }
  }
  return refused;
}

function readPage(db: Readable, table: RecordedTable, after: Outdated | null): Outdated[] {
  const { at, ended } = RECORDED[table];
  const sql = `SELECT id, ${at} AS at FROM ${table} WHERE recorded_at IS NULL AND ${ended}
    AND ${at} >= :at AND (${at}, id) > (:at, :id) ORDER BY ${at}, id LIMIT ${PAGE}`;
  return prepare<[{ at: number; id: string }], Outdated>(db, sql).all({ at: after?.at ?? 0, id: after?.id ?? '' });
}

/** Writes these sidecars again, regardless of their marks. Errors go to `failed`; the next start retries. */
export async function rewriteSidecars(
  library: Library,
  ids: readonly SidecarId[],
  failed: (thrown: unknown) => void,
): Promise<void> {
  const { db } = library;
  transact(db, () => ids.forEach((id) => markSidecarOutdated(db, id)));
  await writeSidecars(library, ids, failed);
}
