import * as v from 'valibot';
import { ResponseMetadataSchema, type GenerationState } from '../../contract/entities/generations.ts';
import type { GenerationId, ProfileId } from '../../contract/entities/ids.ts';
import type { Billing } from '../../contract/errors/errors.ts';
import type { Micros } from '../../contract/entities/money.ts';
import type { Operation } from '../../contract/catalogue/parameters.ts';
import type {
  TimeSpan,
  Spending,
  SpendingBar,
  SpendingCursor,
  SpendingLine,
  SpendingPage,
  SpendingRow,
  UncertainCost,
} from '../../contract/entities/spending.ts';
import { codeFromStored, readJson, readJsonOr, type StoredAt } from '../db/columns.ts';
import { prepare, type Readable } from '../db/database.ts';

/*
 * Spending by the time when a request was sent: one that waited until the next month counts to that one. Every query uses the index `generations_spent`: reading a month takes as long as the month has
 * requests, whatever the library's size. Requests of free profiles are never included.
 */
const SPENT_AT = 'coalesce(sent_at, created_at)';
const SPENT = `billing <> 'none' AND ${SPENT_AT} >= :from AND ${SPENT_AT} < :to`;
const CERTAIN = `${SPENT} AND cost IS NOT NULL AND cost_basis <> 'free'`;
/** An ended request of unknown cost, except requests estimated to be free. */
const UNCERTAIN = `${SPENT} AND cost IS NULL AND state NOT IN ('intent', 'sent') AND coalesce(estimate_most, 1) > 0`;

/** Requests of unknown cost that are listed at most. */
const MAX_UNCERTAIN = 1000;

type SpanBinds = { from: number; to: number };

/** The SQL of the sum that is read before every request. */
export const SPENT_BETWEEN = `SELECT coalesce(sum(cost), 0) AS total FROM generations WHERE ${SPENT}`;

/**
 * Cost of the requests of a time span in micro-dollars, as far as it is certain. Unknown costs aren't counted, not even as
 * estimates: a cap that counted guesses would ask too often.
 */
export function spentBetween(db: Readable, { from, to }: TimeSpan): Micros {
  return prepare<[SpanBinds], { total: Micros }>(db, SPENT_BETWEEN).get({ from, to })?.total ?? 0;
}

/**
 * Spending in a time span. `steps` are the rising start times of the chart's bars; what precedes the first step is in no bar.
 */
export function readSpending(db: Readable, { span, steps }: { span: TimeSpan; steps: readonly number[] }): Spending {
  const { from, to } = span;
  const read = <Row>(sql: string): Row[] => prepare<[SpanBinds], Row>(db, sql).all({ from, to });
  const models = read<SpendingRow>(BY_MODEL);
  return {
    total: models.reduce((sum, { cost }) => sum + cost, 0),
    images: models.reduce((sum, { images }) => sum + images, 0),
    bars: prepare<[SpanBinds & { steps: string }], SpendingBar>(db, BARS).all({
      from,
      to,
      steps: JSON.stringify(steps),
    }),
    models,
    profiles: read<SpendingRow>(BY_PROFILE),
    collections: read<SpendingRow>(BY_COLLECTION),
    uncertain: read<StoredUncertainCost>(UNCERTAIN_REQUESTS).map(({ code, ...cost }) => ({
      ...cost,
      code: code === null ? null : codeFromStored(code),
    })),
  };
}

/** Images received, those deleted for good included. */
const IMAGES = `((SELECT count(*) FROM images i WHERE i.generation_id = g.id)
  + coalesce((SELECT d.images FROM deleted_images d WHERE d.generation_id = g.id), 0))`;

export const BY_MODEL = `SELECT model AS name, sum(${IMAGES}) AS images, sum(cost) AS cost
  FROM generations g WHERE ${CERTAIN} GROUP BY model ORDER BY cost DESC, name`;

export const BY_PROFILE = `SELECT j.profile_name AS name, sum(${IMAGES}) AS images, sum(g.cost) AS cost
  FROM (SELECT * FROM generations WHERE ${CERTAIN}) g CROSS JOIN jobs j ON j.id = g.job_id
  GROUP BY j.profile_name ORDER BY cost DESC, name`;

export const BY_COLLECTION = `SELECT coalesce(c.name, '') AS name, sum(p.images) AS images, sum(p.cost) AS cost FROM (
    SELECT m.collection, 1 AS images, i.cost FROM (SELECT id FROM generations WHERE ${CERTAIN}) g
    CROSS JOIN images i ON i.generation_id = g.id LEFT JOIN collection_images m ON m.timeline = i.timeline
    UNION ALL
    SELECT d.collection, d.images, d.cost FROM (SELECT id FROM generations WHERE ${CERTAIN}) g
    CROSS JOIN deleted_by_collection d ON d.generation_id = g.id
  ) p LEFT JOIN collections c ON c.key = p.collection
  GROUP BY c.key ORDER BY cost DESC, name`;

/** Each step walks its own part of the index. */
export const BARS = `WITH step AS (
    SELECT max(value, :from) AS at, min(lead(value, 1, :to) OVER (ORDER BY value), :to) AS until FROM json_each(:steps)
  )
  SELECT step.at, g.model, sum(g.cost) AS cost FROM step CROSS JOIN generations g
  WHERE g.billing <> 'none' AND coalesce(g.sent_at, g.created_at) >= step.at AND coalesce(g.sent_at, g.created_at) < step.until
    AND g.cost > 0
  GROUP BY step.at, g.model ORDER BY step.at, cost DESC, g.model`;

export const UNCERTAIN_REQUESTS = `SELECT id AS generationId, ${SPENT_AT} AS at, state, billing, model, estimate_most AS max,
    json_extract(error, '$.code') AS code
  FROM generations WHERE ${UNCERTAIN} ORDER BY ${SPENT_AT} DESC, id DESC LIMIT ${MAX_UNCERTAIN}`;

/** The error code by its stored name. */
type StoredUncertainCost = Omit<UncertainCost, 'code'> & { code: string | null };

/** The requested parameters that a line shows. */
const RequestedSchema = v.looseObject({
  size: v.optional(v.nullable(v.string())),
  quality: v.optional(v.nullable(v.string())),
});

interface LineRow {
  id: GenerationId;
  spent_at: number;
  operation: Operation;
  state: GenerationState;
  model: string;
  prompt: string;
  parameters: string;
  answer: string | null;
  billing: Billing;
  cost: Micros | null;
  estimate_most: Micros | null;
  request_id: string | null;
  profile_name: string;
  profile_id: ProfileId;
  images: number;
  collections: string;
}

export const LINES = `SELECT g.id, coalesce(g.sent_at, g.created_at) AS spent_at, g.operation, g.state, g.model, g.prompt, g.parameters, g.answer, g.billing, g.cost,
    g.estimate_most, g.request_id, j.profile_name, json_extract(j.request, '$.profileId') AS profile_id, ${IMAGES} AS images,
    (SELECT json_group_array(name) FROM (
      SELECT DISTINCT c.name FROM images i JOIN collection_images m ON m.timeline = i.timeline
      JOIN collections c ON c.key = m.collection WHERE i.generation_id = g.id ORDER BY c.name)) AS collections
  FROM generations g CROSS JOIN jobs j ON j.id = g.job_id
  WHERE g.billing <> 'none' AND coalesce(g.sent_at, g.created_at) >= :from AND coalesce(g.sent_at, g.created_at) < :to
    AND (coalesce(g.sent_at, g.created_at), g.id) > (:at, :id)
    AND g.state NOT IN ('intent', 'sent') AND coalesce(g.cost_basis, '') <> 'free'
    AND (g.cost IS NOT NULL OR coalesce(g.estimate_most, 1) > 0)
  ORDER BY coalesce(g.sent_at, g.created_at), g.id LIMIT :limit`;

/** Requests of a time span that were or may have been billed, paged by key, oldest first. */
export function readSpendingLines(
  db: Readable,
  { span, after, limit }: { span: TimeSpan; after: SpendingCursor | null; limit: number },
): SpendingPage {
  const binds = { ...span, at: after?.at ?? span.from - 1, id: after?.id ?? '', limit: limit + 1 };
  const rows = prepare<[typeof binds], LineRow>(db, LINES).all(binds);
  const lines = rows.slice(0, limit).map(rowToLine);
  const last = lines.at(-1);
  const next = rows.length > limit && last ? { at: last.at, id: last.generationId } : null;
  return { lines, next };
}

function rowToLine(row: LineRow): SpendingLine {
  const at = (column: string): StoredAt => ({ table: 'generations', column, row: row.id });
  // A billed request stays in the list even if what is shown beside its cost is damaged.
  const answer = readJsonOr(ResponseMetadataSchema, row.answer ?? '{}', at('answer'), {});
  const requested = readJsonOr(RequestedSchema, row.parameters, at('parameters'), {});
  return {
    generationId: row.id,
    at: row.spent_at,
    profileId: row.profile_id,
    profile: row.profile_name,
    operation: row.operation,
    model: row.model,
    size: answer.size ?? requested.size ?? null,
    quality: answer.quality ?? requested.quality ?? null,
    images: row.images,
    inputTokens: answer.usage?.input_tokens ?? null,
    outputTokens: answer.usage?.output_tokens ?? null,
    cost: row.cost,
    estimateMost: row.estimate_most,
    billing: row.billing,
    requestId: row.request_id,
    collections: readJson(v.array(v.string()), row.collections, at('collections')),
    prompt: row.prompt,
  };
}
