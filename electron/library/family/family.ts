import { setImmediate } from 'node:timers/promises';
import * as v from 'valibot';
import type { Operation } from '../../contract/catalogue/parameters.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { ImageId } from '../../contract/entities/ids.ts';
import type { Family, FamilyLink, FamilyMember, FamilyRequest } from '../../contract/entities/views.ts';
import { readJsonOr } from '../db/columns.ts';
import { prepare, type Readable } from '../db/database.ts';
import { IMAGE_COLUMNS, IMAGE_JOINS, rowToImage, type ImageRow } from '../images/image-rows.ts';
import { findRelatives } from './relatives.ts';

/** Relatives that are listed at most. */
export const MAX_MEMBERS = 300;

/**
 * An image's family. In the trash are only those members that others were made from, and the image itself.
 * @throws StudioError `not-found`
 */
export async function readFamily(db: Readable, id: ImageId): Promise<Family> {
  const { links, unfinished } = await findRelatives(db, id);
  if (!links.has(id)) throw new StudioError({ code: 'not-found', message: 'This image is not in the library.' });
  const kept = withoutTrashedEnds(id, links, readTrashed(db, [...links.keys()]));
  const listed = kept.slice(0, MAX_MEMBERS);
  // Rows of 300 members take a few milliseconds: other work goes first.
  await setImmediate();
  const existing = readExisting(db, listed, links);
  const members = readRows(db, listed).map((row) => toMember(row, existing.get(row.id) ?? []));
  return { members, more: kept.length - members.length, unfinished };
}

interface MemberRow extends ImageRow {
  deleted_at: number | null;
  operation: Operation | null;
  parameters: string | null;
  variation: number;
  references: number;
  mask: number;
  markup: number;
}

/** Oldest first. */
function readRows(db: Readable, ids: readonly ImageId[]): MemberRow[] {
  const inputs = (role: string): string =>
    `(SELECT count(*) FROM inputs n WHERE n.generation_id = g.id AND n.role = '${role}')`;
  const sql = `SELECT ${IMAGE_COLUMNS}, i.deleted_at, g.operation, g.parameters,
      (SELECT json_extract(j.request, '$.variation') IS 1 FROM jobs j WHERE j.id = i.job_id) AS variation,
      ${inputs('image')} AS "references", ${inputs('mask')} AS mask, ${inputs('markup')} AS markup
    FROM json_each(?) w CROSS JOIN images i ON i.id = w.value ${IMAGE_JOINS} ORDER BY i.timeline`;
  return prepare<[string], MemberRow>(db, sql).all(JSON.stringify(ids));
}

function toMember(row: MemberRow, parents: FamilyLink[]): FamilyMember {
  return {
    image: rowToImage(row),
    trashed: row.deleted_at !== null,
    request: toRequest(row),
    parents,
  };
}

function toRequest({ generation_id: id, operation, parameters: json, ...row }: MemberRow): FamilyRequest | null {
  if (id === null || operation === null || json === null) return null;
  const at = { table: 'generations', column: 'parameters', row: id };
  const { prompt: _, ...parameters } = readJsonOr(v.looseObject({}), json, at, {}) as Record<string, unknown>;
  return {
    operation,
    variation: operation === 'variation' || row.variation === 1,
    parameters,
    references: row.references,
    mask: row.mask > 0,
    markup: row.markup > 0,
  };
}

function readTrashed(db: Readable, ids: readonly ImageId[]): Set<ImageId> {
  const sql = 'SELECT i.id FROM json_each(?) w CROSS JOIN images i ON i.id = w.value WHERE i.deleted_at IS NOT NULL';
  return new Set(
    prepare<[string], { id: ImageId }>(db, sql)
      .all(JSON.stringify(ids))
      .map((row) => row.id),
  );
}

/** Leaves out images in the trash that nothing else comes from. Keeps the order. */
function withoutTrashedEnds(
  own: ImageId,
  links: ReadonlyMap<ImageId, readonly FamilyLink[]>,
  trashed: ReadonlySet<ImageId>,
): ImageId[] {
  // Up from all that stay: each source of theirs stays too.
  const staying = new Set<ImageId>();
  const pending = [...links.keys()].filter((id) => id === own || !trashed.has(id));
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (staying.has(id)) continue;
    staying.add(id);
    pending.push(...(links.get(id) ?? []).map(({ from }) => from).filter((from) => links.has(from)));
  }
  return [...links.keys()].filter((id) => staying.has(id));
}

/** The links of members whose source exists, also if that isn't a member. */
function readExisting(
  db: Readable,
  ids: readonly ImageId[],
  links: ReadonlyMap<ImageId, FamilyLink[]>,
): Map<ImageId, FamilyLink[]> {
  const others = new Set(ids.flatMap((id) => (links.get(id) ?? []).map(({ from }) => from)));
  const unknown = [...others].filter((id) => !links.has(id));
  const sql = 'SELECT i.id FROM json_each(?) w CROSS JOIN images i ON i.id = w.value';
  const known = new Set(
    unknown.length === 0
      ? []
      : prepare<[string], { id: ImageId }>(db, sql)
          .all(JSON.stringify(unknown))
          .map((row) => row.id),
  );
  return new Map(ids.map((id) => [id, (links.get(id) ?? []).filter(({ from }) => links.has(from) || known.has(from))]));
}
