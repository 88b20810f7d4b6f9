import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { GenerationId, Sha256 } from '../../electron/contract/entities/ids.ts';
import type { OutputFormat } from '../../electron/contract/catalogue/parameters.ts';
import { originalPath, sidecarPath } from '../../electron/library/files/folders.ts';
import type { ServedRequest } from './feeding-server.ts';

/** What the campaign knows from outside of the host. */
export interface Witness {
  /** Ids of images that the host has announced as saved. */
  announced: ReadonlySet<string>;
  /** Every POST that the server received. */
  served: readonly ServedRequest[];
  /** Text that must not be in any file of the library. */
  key: string;
}

/** A promise that was not kept. */
export interface Breach {
  promise: string;
  subject: string;
}

interface GenerationRow {
  id: GenerationId;
  job_id: string;
  state: string;
  prompt: string;
  n: number;
  billing: string;
  cost: number | null;
  created_at: number;
  documents: string | null;
  images: number;
}

const GENERATIONS = `SELECT g.id, g.job_id, g.state, g.prompt, g.n, g.billing, g.cost, g.created_at, a.documents,
  (SELECT count(*) FROM images i WHERE i.generation_id = g.id) AS images
  FROM generations g LEFT JOIN answers a ON a.generation_id = g.id`;

/** What the promises below look at. */
interface Evidence extends Witness {
  folder: string;
  db: Database.Database;
  generations: readonly GenerationRow[];
}

/** Number of rows that the host's start has yet to complete: unfinished jobs, outdated sidecars, images without thumbnails. */
export function countUnsettled(folder: string): number {
  const sql = `SELECT (SELECT count(*) FROM generations WHERE state IN ('intent', 'sent') OR recorded_at IS NULL)
    + (SELECT count(*) FROM images WHERE developed_at IS NULL)`;
  return withDatabase(folder, (db) => db.prepare(sql).pluck().get() as number);
}

/** Checks every promise on a library whose host is idle. */
export function findBreaches(folder: string, witness: Witness): Breach[] {
  return withDatabase(folder, (db) => {
    const generations = db.prepare<[], GenerationRow>(GENERATIONS).all();
    const evidence: Evidence = { ...witness, folder, db, generations };
    return PROMISES.flatMap(([promise, broken]) => broken(evidence).map((subject) => ({ promise, subject })));
  });
}

function withDatabase<Result>(folder: string, read: (db: Database.Database) => Result): Result {
  const db = new Database(join(folder, 'library.db'), { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** Each promise, with a function that returns the subjects for which it does not hold. */
const PROMISES: readonly (readonly [promise: string, broken: (evidence: Evidence) => string[]])[] = [
  ['the database is whole', ({ db }) => damages(db)],
  ['an announced image has its row', ({ db, announced }) => missingRows(db, announced)],
  ['every original is there, unchanged', damagedOriginals],
  ['every original has a row', strayOriginals],
  ['nothing is left in incoming', ({ folder }) => readdirSync(join(folder, 'incoming'))],
  ['no received final is without its owner', orphanedFinals],
  ['every POST belongs to a request that was recorded as sent', unrecordedPosts],
  ['no request is sent twice', repeatedPosts],
  ['a request with images is billed', ({ generations }) => idsOf(generations, unbilled)],
  ['usage that arrived is priced', ({ generations }) => idsOf(generations, unpriced)],
  ['no request stays unfinished', ({ generations }) => idsOf(generations, ({ state }) => /intent|sent/u.test(state))],
  ['every ended request has its sidecar', missingSidecars],
  ['the key is in no file', leaks],
];

function idsOf(generations: readonly GenerationRow[], broken: (row: GenerationRow) => boolean): string[] {
  return generations.filter(broken).map(({ id, state, billing }) => `${id} (${state}, ${billing})`);
}

const unbilled = ({ images, billing }: GenerationRow): boolean => images > 0 && billing !== 'billed';

const unpriced = ({ documents, cost, billing }: GenerationRow): boolean =>
  documents?.includes('"output_tokens"') === true && (cost === null || billing !== 'billed');

function damages(db: Database.Database): string[] {
  const check = db.pragma('quick_check', { simple: true }) as string;
  const keys = db.pragma('foreign_key_check') as unknown[];
  const pending = db.prepare('SELECT file FROM landings').pluck().all() as string[];
  return [...(check === 'ok' ? [] : [check]), ...keys.map((key) => JSON.stringify(key)), ...pending];
}

function missingRows(db: Database.Database, announced: ReadonlySet<string>): string[] {
  const find = db.prepare('SELECT id FROM images WHERE id = ?');
  return [...announced].filter((id) => find.get(id) === undefined);
}

interface OriginalRow {
  sha256: Sha256;
  format: OutputFormat;
}

function listOriginals({ db, folder }: Evidence): { path: string; sha256: Sha256 }[] {
  const rows = db.prepare<[], OriginalRow>('SELECT sha256, format FROM originals').all();
  return rows.map(({ sha256, format }) => ({ path: originalPath(folder, sha256, format), sha256 }));
}

function damagedOriginals(evidence: Evidence): string[] {
  return listOriginals(evidence)
    .filter(({ path, sha256 }) => !existsSync(path) || hashOf(path) !== sha256)
    .map(({ path }) => path);
}

function strayOriginals(evidence: Evidence): string[] {
  const known = new Set(listOriginals(evidence).map(({ path }) => path));
  return filesUnder(join(evidence.folder, 'originals')).filter((path) => !known.has(path));
}

/** A final whose bytes lie in the quarantine belongs to a request, and was paid for. */
function orphanedFinals({ folder, served }: Evidence): string[] {
  const finals = new Set(served.flatMap((request) => request.finals));
  return filesUnder(join(folder, 'quarantine')).filter((path) => finals.has(hashOf(path)));
}

/** The server received a POST that the library calls unsent, or has no request for. */
function unrecordedPosts({ served, generations }: Evidence): string[] {
  const sent = countBy(generations.filter(({ billing }) => billing !== 'none'));
  return Object.entries(countBy(served)).flatMap(([prompt, posts]) =>
    posts > (sent[prompt] ?? 0) ? [`${prompt}: ${posts} POSTs, ${sent[prompt] ?? 0} recorded as sent`] : [],
  );
}

function repeatedPosts({ served, generations }: Evidence): string[] {
  const planned = countBy(generations);
  return Object.entries(countBy(served)).flatMap(([prompt, posts]) =>
    posts > (planned[prompt] ?? 0) ? [`${prompt}: ${posts} POSTs for ${planned[prompt] ?? 0} requests`] : [],
  );
}

function countBy(requests: readonly { prompt: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  // A POST that was cut before its body arrived has no prompt.
  for (const { prompt } of requests) if (prompt !== '') counts[prompt] = (counts[prompt] ?? 0) + 1;
  return counts;
}

function missingSidecars({ folder, generations }: Evidence): string[] {
  return generations.flatMap(({ id, created_at, state, images }) => {
    const path = sidecarPath(folder, id, created_at);
    if (!existsSync(path)) return [`${relative(folder, path).split(sep).join('/')} is missing`];
    const sidecar = JSON.parse(readFileSync(path, 'utf8')) as { state: string; images: unknown[] };
    const current = sidecar.state === state && sidecar.images.length === images;
    return current
      ? []
      : [`${id} says ${sidecar.state} with ${sidecar.images.length} images, not ${state} with ${images}`];
  });
}

function leaks({ folder, key }: Evidence): string[] {
  return filesUnder(folder).filter((path) => !path.includes('originals') && readFileSync(path).includes(key));
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
}

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
