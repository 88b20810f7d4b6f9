import type { Sha256 } from '../../contract/entities/ids.ts';
import type { Input } from '../../contract/entities/requests.ts';
import type { InputFacts } from '../../contract/rules/input-rules.ts';
import type { OutputFormat } from '../../contract/catalogue/parameters.ts';
import { prepare, type Readable } from '../db/database.ts';
import { readDetails, readInputFile } from './input-files.ts';

interface ImageRow {
  format: OutputFormat;
  bytes: number;
  width: number;
  height: number;
  has_alpha: number;
}

/** Facts that the input rules need; null if the library hasn't inspected the file. */
export function readInputFacts(db: Readable, { role, sha256 }: Pick<Input, 'role' | 'sha256'>): InputFacts | null {
  const file = readInputFile(db, sha256);
  if (file) {
    const { format, bytes, width, height, orientation, frames } = file;
    const hasAlpha = file.has_alpha === 1;
    return { role, format, bytes, width, height, orientation, frames, hasAlpha, details: readDetails(file) };
  }
  const image = readImage(db, sha256);
  if (!image) return null;
  const { format, bytes, width, height } = image;
  // Only GIFs of the library have several frames, and the rules check the format.
  return { role, format, bytes, width, height, frames: 1, hasAlpha: image.has_alpha === 1 };
}

function readImage(db: Readable, sha256: Sha256): ImageRow | null {
  const sql = `SELECT o.format, o.bytes, i.width, i.height, i.has_alpha FROM images i JOIN originals o ON o.sha256 = i.sha256
    WHERE i.sha256 = ? AND i.flaw IS NULL LIMIT 1`;
  return prepare<[string], ImageRow>(db, sql).get(sha256) ?? null;
}
