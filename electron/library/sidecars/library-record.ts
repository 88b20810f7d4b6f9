import { join } from 'node:path';
import * as v from 'valibot';
import { CollectionIdSchema, ImageIdSchema, SavedPromptIdSchema, TagIdSchema } from '../../contract/entities/ids.ts';
import { SavedPromptTagsSchema } from '../../contract/entities/saved-prompts.ts';
import { readJsonOr } from '../db/columns.ts';
import { prepare, type Readable } from '../db/database.ts';
import { readEpoch } from '../db/epoch.ts';
import { iso, SidecarTimeSchema as time } from './sidecar-image.ts';
import { RECORDS } from '../files/folders.ts';

/** Everything that a person made and that belongs to no single image: tags, collections, saved prompts. */
const LibraryRecordSchema = v.object({
  kind: v.literal('emulsion-library'),
  version: v.literal(1),
  /** The database's epoch when this was written: see `db/epoch.ts`. `written-epoch.ts` reads it. */
  epoch: v.optional(v.unknown()),
  /** Parents before what is below them. */
  tags: v.array(v.object({ id: TagIdSchema, name: v.string(), parent: v.nullable(TagIdSchema), created_at: time })),
  /** Parents before what is below them. `query`: what makes it smart. */
  collections: v.array(
    v.object({
      id: CollectionIdSchema,
      name: v.string(),
      parent: v.nullable(CollectionIdSchema),
      position: v.number(),
      cover: v.nullable(ImageIdSchema),
      query: v.nullable(v.string()),
      created_at: time,
    }),
  ),
  saved_prompts: v.array(
    v.object({
      id: SavedPromptIdSchema,
      name: v.string(),
      tags: v.array(v.string()),
      created_at: time,
      changed_at: time,
      /** When it was removed: its versions may be named by requests. */
      deleted_at: v.nullable(time),
      versions: v.array(v.object({ version: v.number(), text: v.string(), created_at: time })),
    }),
  ),
});
export type LibraryRecord = v.InferOutput<typeof LibraryRecordSchema>;

export function libraryRecordPath(folder: string): string {
  return join(folder, RECORDS, 'library.json');
}

/** The library's record from its current rows. A few milliseconds for thousands of tags. */
function buildLibraryRecord(db: Readable): LibraryRecord {
  return {
    kind: 'emulsion-library',
    version: 1,
    epoch: readEpoch(db),
    tags: readTags(db),
    collections: readCollections(db),
    saved_prompts: readSavedPrompts(db),
  };
}

const TREE = (table: string): string => `WITH RECURSIVE down (key, depth) AS (
    SELECT key, 0 FROM ${table} WHERE parent IS NULL
    UNION ALL SELECT t.key, down.depth + 1 FROM down JOIN ${table} t ON t.parent = down.key
  ) `;

function readTags(db: Readable): LibraryRecord['tags'] {
  const sql = `${TREE('tags')} SELECT t.id, t.name, p.id AS parent, t.created_at
    FROM down JOIN tags t USING (key) LEFT JOIN tags p ON p.key = t.parent ORDER BY down.depth, t.key`;
  type Row = Omit<LibraryRecord['tags'][number], 'created_at'> & { created_at: number };
  return prepare<[], Row>(db, sql)
    .all()
    .map((row) => ({ ...row, created_at: iso(row.created_at) }));
}

function readCollections(db: Readable): LibraryRecord['collections'] {
  const sql = `${TREE('collections')} SELECT c.id, c.name, p.id AS parent, c.position, i.id AS cover, c.query, c.created_at
    FROM down JOIN collections c USING (key) LEFT JOIN collections p ON p.key = c.parent
    LEFT JOIN images i ON i.timeline = c.cover ORDER BY down.depth, c.key`;
  type Row = Omit<LibraryRecord['collections'][number], 'created_at'> & { created_at: number };
  return prepare<[], Row>(db, sql)
    .all()
    .map((row) => ({ ...row, created_at: iso(row.created_at) }));
}

function readSavedPrompts(db: Readable): LibraryRecord['saved_prompts'] {
  type Row = Pick<LibraryRecord['saved_prompts'][number], 'id' | 'name'> & {
    tags: string;
    created_at: number;
    changed_at: number;
    deleted_at: number | null;
  };
  const versions = prepare<[string], { version: number; text: string; created_at: number }>(
    db,
    'SELECT version, text, created_at FROM prompt_versions WHERE prompt_id = ? ORDER BY version',
  );
  return prepare<[], Row>(db, 'SELECT * FROM saved_prompts ORDER BY created_at, id')
    .all()
    .map((row) => ({
      id: row.id,
      name: row.name,
      tags: readJsonOr(SavedPromptTagsSchema, row.tags, { table: 'saved_prompts', column: 'tags', row: row.id }, []),
      created_at: iso(row.created_at),
      changed_at: iso(row.changed_at),
      deleted_at: row.deleted_at === null ? null : iso(row.deleted_at),
      versions: versions.all(row.id).map((each) => ({ ...each, created_at: iso(each.created_at) })),
    }));
}

/** The text of the library's record from its current rows. @throws StudioError `library-damaged` */
export function renderLibraryRecord(db: Readable): string {
  return `${JSON.stringify(buildLibraryRecord(db), null, 2)}\n`;
}

/** @throws if a text isn't a library's record, or of a later version */
export function parseLibraryRecord(text: string): LibraryRecord {
  return v.parse(LibraryRecordSchema, JSON.parse(text));
}
