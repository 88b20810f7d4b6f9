import type { Writable } from '../../electron/library/db/database.ts';
import { foldText } from '../../electron/library/images/fold-text.ts';
import { insertRow } from './insert-job.ts';
import { PromptWriter } from './prompts.ts';
import type { Random } from './random.ts';
import { COLLECTION_NAMES, pickRareName, TAG_GROUPS } from './vocabulary.ts';

/** What images are given by: keys of tags and of collections with an order of their own. */
export interface Shelves {
  tags: number[];
  /** By name. */
  collections: { key: number; id: string; name: string }[];
}

/** Collections with images, half of them below another one. */
const COLLECTIONS = 60;
const SMART: readonly (readonly [name: string, query: string])[] = [
  ['Best of all', 'rating:>=4 -is:rejected'],
  ['Favourites', 'is:favourite'],
  ['Edited with a mask', 'has:mask'],
  ['Foxes everywhere', 'fox'],
  ['Expensive', 'cost:>0.20'],
  ['Portraits of the sea', 'sea ratio:2:3'],
  ['Not rated yet', '-is:rated'],
  ['Server revised', 'has:revised rating:>=3'],
];
const SAVED_PROMPTS = 80;

/** Inserts tags, collections and saved prompts. */
export function insertShelves(
  db: Writable,
  { tags, from, random }: { tags: number; from: number; random: Random },
): Shelves {
  const shelves = { tags: insertTags(db, tags, from, random), collections: insertCollections(db, from, random) };
  insertSavedPrompts(db, from, random);
  return shelves;
}

/** A group for each twelve tags, the others below a group or, some, below another tag. */
function insertTags(db: Writable, count: number, from: number, random: Random): number[] {
  const keys: number[] = [];
  const taken = new Set<string>();
  const groups = Math.min(count, Math.max(TAG_GROUPS.length, Math.ceil(count / 60)));
  for (let key = 1; key <= count; key += 1) {
    const deep = key > groups * 4 && random.chance(0.2);
    const parent = key <= groups ? null : deep ? groups + 1 + random.below(key - groups - 1) : 1 + random.below(groups);
    const name = tagName(key, parent === null, random);
    const unique = taken.has(`${parent}/${name}`) ? `${name} ${key}` : name;
    taken.add(`${parent}/${unique}`);
    insertRow(db, 'tags', key, random.id(from), parent, unique, foldText(unique), from);
    if (parent !== null || count === groups) keys.push(key);
  }
  return keys;
}

function tagName(key: number, isGroup: boolean, random: Random): string {
  if (isGroup) return TAG_GROUPS[key - 1] ?? `group ${key}`;
  return pickRareName((end) => random.below(end)).toLowerCase();
}

function insertCollections(db: Writable, from: number, random: Random): Shelves['collections'] {
  const made: Shelves['collections'] = [];
  for (let key = 1; key <= COLLECTIONS; key += 1) {
    const id = random.id(from);
    const name = COLLECTION_NAMES[key - 1] ?? `${pickRareName((end) => random.below(end))} ${key}`;
    const parent = key > COLLECTIONS / 2 ? 1 + random.below(COLLECTIONS / 4) : null;
    insertRow(db, 'collections', key, id, name, parent, key, null, from);
    made.push({ key, id, name });
  }
  for (const [index, [name, query]] of SMART.entries()) {
    const key = COLLECTIONS + 1 + index;
    insertRow(db, 'collections', key, random.id(from), name, null, key, query, from);
  }
  return made.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function insertSavedPrompts(db: Writable, from: number, random: Random): void {
  const writer = new PromptWriter(random);
  for (let index = 0; index < SAVED_PROMPTS; index += 1) {
    const id = random.id(from);
    const subject = random.pick(['fox', 'bottle', 'sea', 'forest', '{subject}']);
    const name = `${subject === '{subject}' ? 'Template' : subject} ${index + 1}`;
    insertRow(
      db,
      'saved_prompts',
      id,
      name,
      JSON.stringify(random.pick([[], ['client'], ['style', 'night']])),
      from,
      from,
    );
    const versions = 1 + random.zipf(4);
    for (let version = 1; version <= versions; version += 1)
      insertRow(db, 'prompt_versions', id, version, writer.write(subject), from + version);
  }
}
