import * as v from 'valibot';
import { ResponseMetadataSchema, type ResponseMetadata } from '../../contract/entities/generations.ts';
import type { GenerationId } from '../../contract/entities/ids.ts';
import { findModel } from '../../contract/catalogue/models.ts';
import type { TokenHistory } from '../../contract/entities/money.ts';
import { parseSize } from '../../contract/rules/size-rules.ts';
import { readJson, readRows, type StoredAt } from '../db/columns.ts';
import { prepare, type Readable } from '../db/database.ts';

/** The requested parameters that determine token usage. */
const RequestedSchema = v.looseObject({
  size: v.optional(v.nullable(v.string())),
  quality: v.optional(v.nullable(v.string())),
  output_format: v.optional(v.nullable(v.string())),
  frame_count: v.optional(v.nullable(v.number())),
});

interface UsageRow {
  id: GenerationId;
  parameters: string;
  answer: string;
  partials: number;
  images: number;
  width: number | null;
  height: number | null;
}

/** Entries an estimate uses, and requests that are scanned for them. */
const MAX_ENTRIES = 20;
const MAX_REQUESTS_SCANNED = 200;

export const USAGE_OF_MODEL = `SELECT g.id, g.parameters, g.answer,
    (SELECT count(*) FROM partials p WHERE p.generation_id = g.id) AS partials,
    (SELECT count(*) FROM images i WHERE i.generation_id = g.id) AS images,
    (SELECT i.width FROM images i WHERE i.generation_id = g.id ORDER BY i.position LIMIT 1) AS width,
    (SELECT i.height FROM images i WHERE i.generation_id = g.id ORDER BY i.position LIMIT 1) AS height
  FROM generations g WHERE g.model = ? AND g.cost_basis = 'usage' ORDER BY g.created_at DESC LIMIT ?`;

/** Token usage per image of a model's newest requests, newest first; only requests with a token count and a known size. */
export function tokenHistory(db: Readable, model: string): TokenHistory {
  const rows = prepare<[string, number], UsageRow>(db, USAGE_OF_MODEL).all(model, MAX_REQUESTS_SCANNED);
  const frames = findModel(model).gif?.frames.initial ?? 1;
  return {
    model,
    entries: readRows(rows, (row) => rowToEntry(row, frames))
      .filter((entry) => entry !== null)
      .slice(0, MAX_ENTRIES),
  };
}

function rowToEntry(row: UsageRow, usualFrames: number): TokenHistory['entries'][number] | null {
  const at = (column: string): StoredAt => ({ table: 'generations', column, row: row.id });
  const asked = readJson(RequestedSchema, row.parameters, at('parameters'));
  const answer = readJson(ResponseMetadataSchema, row.answer, at('answer'));
  const tokens = answer.usage?.output_tokens;
  const images = row.images;
  const size = sizeOf(row, answer, asked);
  if (tokens === undefined || images === 0 || !size) return null;
  const frames = asked.output_format === 'gif' ? (asked.frame_count ?? usualFrames) : 1;
  return {
    quality: answer.quality ?? asked.quality ?? 'auto',
    asked: asked.quality ?? 'auto',
    pixels: size.width * size.height * frames,
    outputTokens: Math.round(tokens / images),
    partials: Math.round(row.partials / images),
  };
}

/** The size the server reports, else the requested one, else the received image's: an SVG's own numbers need not be pixels. */
function sizeOf(
  row: UsageRow,
  answer: ResponseMetadata,
  asked: v.InferOutput<typeof RequestedSchema>,
): { width: number; height: number } | null {
  const stated = parseSize(answer.size ?? '') ?? parseSize(asked.size ?? '');
  if (stated) return stated;
  const { width, height } = row;
  return width && height ? { width, height } : null;
}
