import { FLAGS, MAX_NUMBER, STATES, UNKNOWN_COST, type Columns } from './columns.ts';
import { ORIGIN_JOINS } from '../images/image-rows.ts';
import { writeLook } from './look.ts';

/*
 * One image's row for the index, read and written into the columns. Facts that are yes or no come as bits of one number: every value that
 * crosses from SQLite costs more than the lookups behind it.
 */

/** One number of several, each with the place of its lowest bit. In SQL, `|` and `<<` bind equally. */
const bits = (...parts: readonly [value: string, place: number][]): string =>
  parts.map(([value, place]) => `((${value}) << ${place})`).join(' | ');
const hasInput = (role: string): string =>
  `g.operation IN ('edit', 'variation') AND EXISTS (SELECT 1 FROM inputs n WHERE n.generation_id = g.id AND n.role = '${role}')`;

const MARKS = bits(
  ['i.rating', 0],
  ['i.favourite', 3],
  ['i.rejected', 4],
  ['i.note IS NOT NULL', 5],
  ['i.deleted_at IS NOT NULL', 6],
  ['i.stack_cover', 7],
);
const FACTS = bits(
  ["i.flaw IS 'undecodable'", 0],
  ['i.has_alpha', 1],
  ['i.revised_prompt IS NOT NULL', 2],
  ["g.billing IS 'possible'", 3],
  ["EXISTS (SELECT 1 FROM strict_results s WHERE s.image_id = i.id AND s.state = 'done')", 4],
  [hasInput('mask'), 5],
  [hasInput('markup'), 6],
  [hasInput('image'), 7],
  ['i.import_id IS NOT NULL', 8],
  ['i.signed IS 1', 9],
);
const extracted = (column: string, ...paths: string[]): string =>
  `CASE WHEN json_valid(${column}) THEN json_extract(${column}, ${paths.map((path) => `'$.${path}'`).join(', ')}) END`;

const COLUMNS = `i.timeline, i.width, i.height, ${MARKS}, ${FACTS}, i.cost, o.bytes, coalesce(j.rowid, 0), o.format, coalesce(g.operation, ''),
  coalesce(g.model, im.model), coalesce(j.profile_name, ''), ${extracted('g.parameters', 'size', 'quality', 'background')}, ${extracted('g.answer', 'quality', 'background')}, i.thumbhash, i.dhash, coalesce(im.software, '')`;
const JOINS = `CROSS JOIN originals o ON o.sha256 = i.sha256 ${ORIGIN_JOINS} LEFT JOIN jobs j ON j.id = i.job_id`;

/** Rows after a timeline key, in order: `?` the key, `?` how many. */
export const FACTS_AFTER = `SELECT ${COLUMNS} FROM images i ${JOINS} WHERE i.timeline > ? ORDER BY i.timeline LIMIT ?`;
/** Rows of the images that a list of timeline keys (JSON) names, in order. */
export const FACTS_OF = `SELECT ${COLUMNS} FROM (SELECT value AS timeline FROM json_each(?)) w CROSS JOIN images i ON i.timeline = w.timeline ${JOINS}`;
/** Timeline key and marks of the images that were marked since a revision. */
export const MARKS_SINCE = `SELECT i.timeline, ${MARKS} FROM index_log l CROSS JOIN images i ON i.timeline = l.timeline
  WHERE l.revision > ? AND l.part = 1`;

export type FactsRow = [
  timeline: number,
  width: number,
  height: number,
  marks: number,
  facts: number,
  cost: number | null,
  bytes: number,
  /** 0 for an imported image. */
  job: number,
  format: string,
  op: string,
  model: string,
  server: string,
  asked: string | null,
  received: string | null,
  thumbhash: string | null,
  dhash: Uint8Array | null,
  software: string,
];

const MARK_FLAGS = FLAGS.favourite | FLAGS.rejected | FLAGS.note;

/** Writes an image's marks, and keeps what else is known of it. */
export function writeMarks({ arrays }: Columns, ordinal: number, marks: number): void {
  arrays.rating[ordinal] = marks & 7;
  const flags = (marks & 8 ? FLAGS.favourite : 0) | (marks & 16 ? FLAGS.rejected : 0) | (marks & 32 ? FLAGS.note : 0);
  arrays.flags[ordinal] = ((arrays.flags[ordinal] ?? 0) & ~MARK_FLAGS) | flags;
  const state = (marks & 64 ? STATES.trashed : 0) | (marks & 128 ? STATES.cover : 0);
  arrays.state[ordinal] = ((arrays.state[ordinal] ?? 0) & STATES.hashed) | state;
}

/** Writes everything about an image, except whether others were made from it, which `lineage.ts` knows. */
export function writeFacts(columns: Columns, ordinal: number, row: FactsRow): void {
  const { arrays, names, sizes } = columns;
  const [timeline, width, height, marks, facts, cost, bytes, job, format, op, model, server] = row;
  const { asked, received } = parametersOf(row);
  arrays.timeline[ordinal] = timeline;
  arrays.size[ordinal] = sizes.code(width, height);
  arrays.format[ordinal] = names.format.code(format);
  arrays.op[ordinal] = names.op.code(op);
  arrays.model[ordinal] = names.model.code(model);
  arrays.server[ordinal] = names.server.code(server);
  arrays.source[ordinal] = names.source.code(row[16]);
  arrays.asked[ordinal] = names.asked.code(asked.size);
  arrays.quality[ordinal] = names.quality.code(received.quality || known(asked.quality));
  arrays.background[ordinal] = names.background.code(received.background || known(asked.background));
  arrays.cost[ordinal] = cost === null ? UNKNOWN_COST : Math.min(cost, MAX_NUMBER);
  arrays.bytes[ordinal] = Math.min(bytes, MAX_NUMBER);
  arrays.job[ordinal] = job;
  const otherSize = width > 0 && /^\d+x\d+$/u.test(asked.size) && asked.size !== `${width}x${height}`;
  const otherQuality = known(asked.quality) !== '' && received.quality !== '' && asked.quality !== received.quality;
  arrays.flags[ordinal] =
    ((arrays.flags[ordinal] ?? 0) & FLAGS.children) |
    (FLAGS_OF_FACTS[facts] ?? 0) |
    (otherSize || otherQuality ? FLAGS.differs : 0) |
    (format === 'gif' && (facts & 1) === 0 ? FLAGS.animated : 0);
  writeMarks(columns, ordinal, marks);
  writeLikeness(columns, ordinal, row[14], row[15]);
}

const FACT_FLAGS = [
  FLAGS.damaged,
  FLAGS.alpha,
  FLAGS.revised,
  FLAGS.uncertain,
  FLAGS.strict,
  FLAGS.mask,
  FLAGS.markup,
  FLAGS.inputs,
  FLAGS.imported,
  FLAGS.signed,
];

/** The flags of every combination of facts. */
const FLAGS_OF_FACTS = Uint16Array.from({ length: 1 << FACT_FLAGS.length }, (_, facts) =>
  FACT_FLAGS.reduce((flags, flag, bit) => ((facts >>> bit) & 1 ? flags | flag : flags), 0),
);

function writeLikeness({ arrays }: Columns, ordinal: number, thumbhash: string | null, dhash: Uint8Array | null): void {
  writeLook(arrays.look, ordinal, thumbhash);
  const state = (arrays.state[ordinal] ?? 0) & ~STATES.hashed;
  arrays.state[ordinal] = dhash === null ? state : state | STATES.hashed;
  arrays.dhash[ordinal * 2] = dhash ? bigEndian(dhash, 0) : 0;
  arrays.dhash[ordinal * 2 + 1] = dhash ? bigEndian(dhash, 4) : 0;
}

/** A view of the bytes would cost more than they do. The array takes the result as unsigned. */
function bigEndian(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

interface Asked {
  size: string;
  quality: string;
  background: string;
}

/** Parameters repeat a lot, and parsing costs more than finding them again. */
const parsed = new Map<string, readonly string[]>();
const MAX_PARSED = 10_000;

function parametersOf(row: FactsRow): { asked: Asked; received: Omit<Asked, 'size'> } {
  const [size = '', quality = '', background = ''] = textsOf(row[12]);
  const [receivedQuality = '', receivedBackground = ''] = textsOf(row[13]);
  return {
    asked: { size, quality, background },
    received: { quality: receivedQuality, background: receivedBackground },
  };
}

function textsOf(json: string | null): readonly string[] {
  if (json === null) return [];
  const known = parsed.get(json);
  if (known) return known;
  const values: unknown = JSON.parse(json);
  const texts = Array.isArray(values)
    ? values.map((value) => (typeof value === 'string' ? value.slice(0, 100) : ''))
    : [];
  if (parsed.size >= MAX_PARSED) parsed.clear();
  parsed.set(json, texts);
  return texts;
}

/** What was asked for, if it says what is received. */
function known(value: string): string {
  return value === 'auto' ? '' : value;
}
