import { v7 as newId } from 'uuid';
import type { CollectionId, Timestamp } from '../../contract/entities/ids.ts';
import { cleanName, isReserved, MAX_NAME_LENGTH } from '../../contract/rules/tag-names.ts';
import { prepare, type Readable, type Writable } from '../db/database.ts';
import { putIntoCollection } from '../images/collections.ts';
import { foldText } from '../images/fold-text.ts';
import type { FoundMembership } from './prompts/emulsion.ts';

/** Collections that one import creates at most; images beyond are imported without theirs. */
const MAX_CREATED = 1000;
/** Largest position that is taken over; JSON holds its double exactly. Nobody orders as many images by hand. */
const MAX_POSITION = 1e7;

interface Place {
  key: number;
  id: string;
  /** Is added to the positions of the record. */
  shift: number;
}

interface Row {
  key: number;
  id: string;
  name: string;
  query: string | null;
}

/**
 * Puts imported images into the collections that they were in, one import long. A collection of the same name is used, else one is created, with the
 * id that it had: what is imported later finds the same order. Images that come to another collection of that name follow those that are in it.
 */
export class CollectionPlacer {
  readonly #places = new Map<string, Place>();
  #created = 0;

  /** Call it in the transaction that saves the image. A name that can't be a collection's is left out. */
  put(db: Writable, timeline: number, { id, name: typed, position }: FoundMembership, at: Timestamp): void {
    const name = cleanName(typed);
    const folded = foldText(name).trim();
    if (folded === '' || name.length > MAX_NAME_LENGTH || isReserved(name)) return;
    const place = this.#known(db, folded) ?? this.#find(db, { id, name, folded, at });
    if (!place) return;
    putIntoCollection(db, {
      key: place.key,
      timeline,
      position: position === null ? null : Math.max(-MAX_POSITION, Math.min(MAX_POSITION, position)) + place.shift,
      at,
    });
  }

  /** What an earlier image found, if it is still there: a transaction may have failed, or the person has removed it. */
  #known(db: Readable, folded: string): Place | null {
    const place = this.#places.get(folded);
    if (!place) return null;
    const sql = 'SELECT 1 AS there FROM collections WHERE key = ? AND id = ? AND query IS NULL';
    return prepare<[number, string], { there: 1 }>(db, sql).get(place.key, place.id) ? place : null;
  }

  #find(db: Writable, wanted: { id: CollectionId | null; name: string; folded: string; at: Timestamp }): Place | null {
    const { id, name, folded, at } = wanted;
    const rows = prepare<[], Row>(db, 'SELECT key, id, name, query FROM collections').all();
    const there = rows.find((row) => row.query === null && foldText(row.name).trim() === folded);
    const place = there
      ? { key: there.key, id: there.id, shift: there.id === id ? 0 : shiftBehind(db, there.key) }
      : this.#create(db, { id, name: freeName(name, rows), at });
    if (place) this.#places.set(folded, place);
    return place;
  }

  #create(db: Writable, { id, name, at }: { id: CollectionId | null; name: string; at: Timestamp }): Place | null {
    if (this.#created === MAX_CREATED) return null;
    this.#created += 1;
    const taken = prepare<[string | null], { key: number }>(db, 'SELECT key FROM collections WHERE id = ?').get(id);
    const own = id === null || taken ? newId() : id;
    const sql = `INSERT INTO collections (id, name, parent, position, query, created_at)
      VALUES (?, ?, NULL, (SELECT coalesce(max(position), 0) + 1 FROM collections WHERE parent IS NULL), NULL, ?)`;
    const { lastInsertRowid } = prepare<[string, string, number]>(db, sql).run(own, name, at);
    return { key: Number(lastInsertRowid), id: own, shift: 0 };
  }
}

/** Behind all images of a collection, even for a place before its beginning. */
function shiftBehind(db: Readable, key: number): number {
  const sql = 'SELECT max(position) AS last FROM collection_images WHERE collection = ?';
  const last = prepare<[number], { last: number | null }>(db, sql).get(key)?.last ?? null;
  return last === null ? 0 : Math.floor(last) + MAX_POSITION + 1;
}

/** A name that no collection has: a smart one of this name can't take images. */
function freeName(name: string, rows: readonly Row[]): string {
  const taken = new Set(rows.map((row) => foldText(row.name).trim()));
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? '' : ` ${number}`;
    const candidate = name.slice(0, MAX_NAME_LENGTH - end.length) + end;
    if (!taken.has(foldText(candidate).trim())) return candidate;
  }
}
