import type { Edit } from '../../contract/entities/changes.ts';
import type { ImageId, Timestamp } from '../../contract/entities/ids.ts';
import { prepare, type Readable } from '../db/database.ts';
import { requireManual } from './collection-rows.ts';
import { cellsOf, insertCells, type CellWriter, type Plan, type Timelines } from './plan.ts';
import { findRoom, type Room } from './positions.ts';

const MEMBER = 'collection_images m ON m.collection = :key AND m.timeline = i.timeline';
const POSITION = "round(:start + :step * (json_extract(s.value, '$[1]') + 1), 6)";

/** Adds images to a collection in their order, or takes them out of it. */
export function planCollect(
  db: Readable,
  edit: Extract<Edit, { kind: 'collect' }>,
  images: Timelines,
  at: Timestamp,
): Plan {
  const { key, name } = requireManual(db, edit.collectionId);
  if (!edit.on) return collecting(edit, name, images, [taking(key)]);
  const room = findRoom(db, key, images.length, timelineOf(db, edit.before));
  const sql = insertCells(
    `json_object('collections', json_array(json_array(:key, NULL, json_array(${POSITION}, :at))))`,
    'WHERE NOT EXISTS (SELECT 1 FROM collection_images m WHERE m.collection = :key AND m.timeline = i.timeline)',
  );
  const { start, step } = room;
  return {
    ...collecting(edit, name, images, [{ sql, values: { key, start, step, at } }]),
    first: makingRoom(key, room),
  };
}

/** Moves images within a collection; those that aren't in it stay out. */
export function planArrange(db: Readable, edit: Extract<Edit, { kind: 'arrange' }>, images: Timelines): Plan {
  const { key, name } = requireManual(db, edit.collectionId);
  const before = timelineOf(db, edit.before);
  const moved = Array.from(images).filter((timeline) => timeline !== before);
  const room = findRoom(db, key, moved.length, before, JSON.stringify(moved));
  const { start, step } = room;
  const cells = `json_array(:key, json_array(m.position, m.added_at), json_array(${POSITION}, m.added_at))`;
  const sql = insertCells(
    `json_object('collections', json_array(${cells}))`,
    `CROSS JOIN ${MEMBER} WHERE m.position <> ${POSITION}`,
  );
  return { ...collecting(edit, name, moved, [{ sql, values: { key, start, step } }]), first: makingRoom(key, room) };
}

function collecting(edit: Edit, name: string, images: Timelines, writes: CellWriter[]): Plan {
  return { edit, names: [name], aspects: ['collections'], cells: [], images, writes };
}

/** Takes images out of a collection. */
export function taking(key: number): CellWriter {
  const cells = 'json_array(:key, json_array(m.position, m.added_at), NULL)';
  return {
    sql: insertCells(`json_object('collections', json_array(${cells}))`, `CROSS JOIN ${MEMBER} WHERE TRUE`),
    values: { key },
  };
}

/** The neighbours' new positions. */
function makingRoom(key: number, { moved }: Room): CellWriter[] {
  return moved.map(({ timeline, from, to, addedAt }) =>
    cellsOf(timeline, { collections: [[key, [from, addedAt], [to, addedAt]]] }),
  );
}

function timelineOf(db: Readable, id: ImageId | null): number | null {
  if (id === null) return null;
  return (
    prepare<[string], { timeline: number }>(db, 'SELECT timeline FROM images WHERE id = ?').get(id)?.timeline ?? null
  );
}
