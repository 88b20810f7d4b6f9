import * as v from 'valibot';
import type { ImportId } from '../../contract/entities/ids.ts';
import type { ImportFacts } from '../../contract/entities/import-facts.ts';
import { readJsonOr } from '../db/columns.ts';
import { prepare, type Readable } from '../db/database.ts';

/** A row of `imports`. */
export interface ImportRow {
  id: ImportId;
  /** Shared by images that were imported together. */
  run: string;
  file_name: string;
  imported_at: number;
  dated: ImportFacts['dated'];
  software: string;
  prompt: string;
  negative_prompt: string;
  model: string;
  parameters: string;
  texts: string;
}

const TextsSchema = v.array(v.object({ name: v.string(), text: v.string() }));

export function readImportRow(db: Readable, id: ImportId): ImportRow | null {
  return prepare<[string], ImportRow>(db, 'SELECT * FROM imports WHERE id = ?').get(id) ?? null;
}

/** What came with an imported image; null if there is no such import. A damaged column is left out. */
export function readImport(db: Readable, id: ImportId): ImportFacts | null {
  const row = readImportRow(db, id);
  return row && rowToImport(row);
}

export function rowToImport(row: ImportRow): ImportFacts {
  const at = (column: string): { table: string; column: string; row: string } => ({
    table: 'imports',
    column,
    row: row.id,
  });
  return {
    id: row.id,
    fileName: row.file_name,
    importedAt: row.imported_at,
    dated: row.dated,
    software: row.software,
    negativePrompt: row.negative_prompt,
    parameters: readJsonOr(v.record(v.string(), v.unknown()), row.parameters, at('parameters'), {}),
    texts: readJsonOr(TextsSchema, row.texts, at('texts'), []),
  };
}
