import { prepare, type Writable } from '../db/database.ts';

interface SchemaEntry {
  type: 'index' | 'trigger';
  name: string;
  sql: string;
}

/**
 * Fills an empty database of ours much faster than row by row: without its indexes and triggers, which are made again afterwards, when the
 * numbers and links that the triggers keep are calculated at once. Nothing is kept of a database whose filling fails.
 */
export function bulkLoad<Result>(db: Writable, fill: () => Result): Result {
  for (const [name, value] of FAST) db.pragma(`${name} = ${value}`);
  const sql =
    "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid";
  const entries = prepare<[], SchemaEntry>(db, sql).all();
  for (const { type, name } of entries) if (!needed(name)) db.exec(`DROP ${type} ${name}`);
  const result = fill();
  db.exec(CALCULATED);
  for (const entry of entries) if (!needed(entry.name)) db.exec(entry.sql);
  return result;
}

/** It is thrown away unless it is whole, so nothing has to be on the disk before its end. */
const FAST = [
  ['journal_mode', 'MEMORY'],
  ['synchronous', 'OFF'],
  ['temp_store', 'MEMORY'],
  // 128 MB.
  ['cache_size', '-131072'],
] as const;

/** Tags are looked up by name while they are inserted. */
function needed(name: string): boolean {
  return name === 'tags_by_name';
}

/** Which prompts were made from which version of a saved one, from all requests. */
export const PROMPT_SOURCES = `
  INSERT OR IGNORE INTO prompt_sources SELECT v.prompt_id, v.version, p.key
    FROM jobs j JOIN generations g ON g.job_id = j.id JOIN prompts p ON p.text = g.prompt
    JOIN prompt_versions v ON v.prompt_id = json_extract(j.request, '$.savedPrompt.id')
      AND v.version = json_extract(j.request, '$.savedPrompt.version')
    WHERE json_type(j.request, '$.savedPrompt') = 'object';`;

/** What triggers keep: see the migrations 0001, 0009 and 0010. */
const CALCULATED = `
  INSERT INTO prompts (text, used, used_at)
    SELECT text, row_number() OVER (ORDER BY at, first), at FROM (
      SELECT prompt AS text, max(created_at) AS at, min(rowid) AS first FROM generations WHERE prompt <> '' GROUP BY prompt
      UNION ALL
      SELECT prompt, max(imported_at), 9e15 + min(rowid) FROM imports
        WHERE prompt <> '' AND prompt NOT IN (SELECT prompt FROM generations) GROUP BY prompt
    );
  UPDATE images SET prompt_key = (SELECT p.key FROM prompts p WHERE p.text = coalesce(
    (SELECT g.prompt FROM generations g WHERE g.id = images.generation_id), (SELECT m.prompt FROM imports m WHERE m.id = images.import_id)));
  ${PROMPT_SOURCES}
  UPDATE tags SET images = (SELECT count(*) FROM image_tags m JOIN images i USING (timeline) WHERE m.tag = tags.key AND i.deleted_at IS NULL);
  UPDATE collections SET images = (SELECT count(*) FROM collection_images m JOIN images i USING (timeline)
    WHERE m.collection = collections.key AND i.deleted_at IS NULL);
  UPDATE counters SET value = (SELECT count(*) FROM images WHERE deleted_at IS NULL) WHERE name = 'pictures';
  UPDATE counters SET value = (SELECT coalesce(sum(bytes), 0) FROM originals) WHERE name = 'bytes';
  UPDATE counters SET value = (SELECT count(*) FROM images WHERE deleted_at IS NOT NULL) WHERE name = 'trash';
  UPDATE counters SET value = (SELECT coalesce(sum(o.bytes), 0) FROM images i JOIN originals o USING (sha256) WHERE i.deleted_at IS NOT NULL)
    WHERE name = 'trash-bytes';`;
