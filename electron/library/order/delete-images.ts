import { prepare, type Readable, type Writable } from '../db/database.ts';

/** Images in the trash among `:images`, a JSON array of timelines. */
const DOOMED = 'json_each(:images) d CROSS JOIN images i ON i.timeline = d.value AND i.deleted_at IS NOT NULL';
const MASKED = `${DOOMED} CROSS JOIN strict_results s ON s.image_id = i.id`;

/** What goes before the images themselves. */
const BEFORE = [
  `INSERT INTO removals (kind, name) SELECT 'heat-map', i.id FROM ${MASKED} WHERE TRUE ON CONFLICT DO NOTHING`,
  `UPDATE generations SET recorded_at = NULL WHERE id IN (SELECT i.generation_id FROM ${DOOMED})`,
  `UPDATE imports SET recorded_at = NULL WHERE id IN (SELECT i.import_id FROM ${DOOMED})`,
  // A masked result that was never sent, and isn't in a draft, is its image's alone.
  `DELETE FROM input_files WHERE sha256 IN (SELECT s.sha256 FROM ${MASKED}) AND image_id IN (SELECT i.id FROM ${DOOMED})
    AND NOT EXISTS (SELECT 1 FROM inputs n WHERE n.sha256 = input_files.sha256)
    AND NOT EXISTS (SELECT 1 FROM drafts r WHERE r.root = input_files.sha256 OR instr(r.document, input_files.sha256) > 0)`,
  `DELETE FROM change_images WHERE timeline IN (SELECT i.timeline FROM ${DOOMED})`,
];

/** Partial images of requests that are done and have no other image left. */
const PARTIALS = `FROM partials WHERE generation_id IN (SELECT value FROM json_each(:generations))
  AND NOT EXISTS (SELECT 1 FROM images i WHERE i.generation_id = partials.generation_id)
  AND EXISTS (SELECT 1 FROM generations g WHERE g.id = partials.generation_id AND g.state = 'done')`;

/** Rows that name a file `o`; those of saves that aren't finished too. */
const IS_NAMED = [
  ...['images', 'partials', 'inputs', 'input_files', 'strict_results', 'landings'].map(
    (table) => `EXISTS (SELECT 1 FROM ${table} n WHERE n.sha256 = o.sha256)`,
  ),
  'EXISTS (SELECT 1 FROM drafts n WHERE n.root = o.sha256)',
].join(' OR ');
const UNNAMED = `json_each(:files) f CROSS JOIN originals o ON o.sha256 = f.value WHERE NOT (${IS_NAMED})`;

/**
 * Deletes images for good, except those that aren't in the trash: their rows, and what only they need. Files that nothing names any more
 * are noted in `removals`. Their requests stay, with what they cost. Call it in a transaction.
 */
export function deleteImages(db: Writable, timelines: readonly number[]): void {
  const images = JSON.stringify(timelines);
  const generations = list(
    db,
    `SELECT DISTINCT i.generation_id AS value FROM ${DOOMED} WHERE i.generation_id IS NOT NULL`,
    { images },
  );
  const own = list(db, `SELECT i.sha256 AS value FROM ${DOOMED}`, { images });
  const masked = list(db, `SELECT s.sha256 AS value FROM ${MASKED} WHERE s.sha256 IS NOT NULL`, { images });
  for (const sql of BEFORE) prepare<[object]>(db, sql).run({ images });
  prepare<[object]>(db, `DELETE FROM images WHERE timeline IN (SELECT i.timeline FROM ${DOOMED})`).run({ images });
  const of = { generations: JSON.stringify(generations) };
  const partials = list(db, `SELECT sha256 AS value ${PARTIALS}`, of);
  prepare<[object]>(db, `DELETE ${PARTIALS}`).run(of);
  deleteOriginals(db, [...new Set([...own, ...masked, ...partials])]);
}

function deleteOriginals(db: Writable, hashes: readonly string[]): void {
  const files = JSON.stringify(hashes);
  const noted = `INSERT INTO removals (kind, name, format) SELECT 'original', o.sha256, o.format FROM ${UNNAMED} ON CONFLICT DO NOTHING`;
  prepare<[object]>(db, noted).run({ files });
  prepare<[object]>(db, `DELETE FROM originals WHERE sha256 IN (SELECT o.sha256 FROM ${UNNAMED})`).run({ files });
}

function list(db: Readable, sql: string, values: object): string[] {
  return prepare<[object], { value: string }>(db, sql)
    .all(values)
    .map(({ value }) => value);
}
