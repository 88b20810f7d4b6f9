import { prepare, type Readable } from '../db/database.ts';

/** Positions are kept to this many decimals, so that JSON holds them exactly. */
const DECIMALS = 1e6;
/** A step between two positions that can still be halved a few times. */
const LEAST_STEP = 64 / DECIMALS;
/** Images that are given new positions where there is no room left, at first; more if that isn't enough. */
const NEIGHBOURS = 64;

/** Where images are put: the first at `start + step`. `moved`: others that get new positions in the same order, with their old ones. */
export interface Room {
  start: number;
  step: number;
  moved: { timeline: number; from: number; to: number; addedAt: number }[];
}

interface Member {
  timeline: number;
  position: number;
  added_at: number;
}

/**
 * Room for a number of images in a collection's order, before an image or at the end (null, or an image that isn't in it).
 * @param without images that are themselves moved, as JSON array of timelines
 */
export function findRoom(db: Readable, collection: number, count: number, before: number | null, without = '[]'): Room {
  const next = before === null ? null : memberAt(db, collection, before);
  if (next === null) return { start: Math.floor(lastPosition(db, collection)), step: 1, moved: [] };
  const start = previousPosition(db, collection, next.position, without) ?? next.position - count - 1;
  const step = roundDown((next.position - start) / (count + 1));
  if (step >= LEAST_STEP) return { start, step, moved: [] };
  for (let most = NEIGHBOURS; ; most *= 4) {
    const room = spread(membersFrom(db, collection, next.position, most + 1, without), most, start, count);
    if (room) return room;
  }
}

/** Gives the following images new positions. Null if they are too few for the room that is needed. */
function spread(members: Member[], most: number, start: number, count: number): Room | null {
  const end = members.length > most ? members.pop() : undefined;
  // Without an end, they are the last ones, and there is all the room.
  const step = end ? roundDown((end.position - start) / (count + members.length + 1)) : 1;
  if (step < LEAST_STEP) return null;
  const moved = members.map(({ timeline, position, added_at: addedAt }, index) => ({
    timeline,
    from: position,
    to: round(start + step * (count + index + 1)),
    addedAt,
  }));
  return { start, step, moved };
}

const round = (position: number): number => Math.round(position * DECIMALS) / DECIMALS;
const roundDown = (step: number): number => Math.floor(step * DECIMALS) / DECIMALS;

function memberAt(db: Readable, collection: number, timeline: number): { position: number } | null {
  const sql = 'SELECT position FROM collection_images WHERE collection = ? AND timeline = ?';
  return prepare<[number, number], { position: number }>(db, sql).get(collection, timeline) ?? null;
}

function lastPosition(db: Readable, collection: number): number {
  const sql = 'SELECT max(position) AS last FROM collection_images WHERE collection = ?';
  return prepare<[number], { last: number | null }>(db, sql).get(collection)?.last ?? 0;
}

function previousPosition(db: Readable, collection: number, position: number, without: string): number | null {
  const sql = `SELECT position FROM collection_images WHERE collection = ? AND position < ?
    AND timeline NOT IN (SELECT value FROM json_each(?)) ORDER BY position DESC LIMIT 1`;
  return (
    prepare<[number, number, string], { position: number }>(db, sql).get(collection, position, without)?.position ??
    null
  );
}

function membersFrom(db: Readable, collection: number, position: number, limit: number, without: string): Member[] {
  const sql = `SELECT timeline, position, added_at FROM collection_images WHERE collection = ? AND position >= ?
    AND timeline NOT IN (SELECT value FROM json_each(?)) ORDER BY position, timeline LIMIT ?`;
  return prepare<[number, number, string, number], Member>(db, sql).all(collection, position, without, limit);
}
