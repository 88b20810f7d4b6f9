import type { LikenessFilter } from '../../contract/entities/query.ts';
import { prepare, type Readable } from '../db/database.ts';
import { ORIGIN_JOINS } from '../images/image-rows.ts';
import { foldText } from '../images/fold-text.ts';
import { toFtsPhrase } from '../images/search-tokens.ts';
import { bitsOf, noBits, setBit, type Bits } from './bits.ts';
import { STATES } from './columns.ts';
import { derive, type IndexData } from './index-data.ts';
import { lookDistances, LOOK_BYTES, UNLIKE } from './look.ts';

/** The images that are like one, and how far each is from it, by ordinal: 0 is the same. */
export interface Likeness {
  bits: Bits;
  distances: Uint32Array;
}

/** The least squared distance of looks that nobody would call alike, and how many are shown at most. */
const UNLIKE_LOOK = 8000;
const MAX_SIMILAR = 1000;
/** dHashes of near duplicates differ in few of their 64 bits. */
const MAX_NEAR = 6;
/** Prompts that share this part of their words are almost the same. */
const SAME_PROMPT = 0.7;
/** Prompts that are compared at most, and words of each. */
const MAX_PROMPTS = 4000;
const MAX_WORDS = 64;
/** Counting stops here: a word in so many prompts distinguishes little. */
const MANY = 5000;

/** Images like the one that a filter names; none if there is no such image, or nothing of it to compare. */
export function findLike(db: Readable, data: IndexData, { field, image }: LikenessFilter): Likeness {
  // The order asks for the same distances as the filter.
  return derive(data, `${field} ${image}`, () => compare(db, data, { field, image }));
}

function compare(db: Readable, data: IndexData, { field, image }: Omit<LikenessFilter, 'not'>): Likeness {
  const { columns } = data;
  const timeline = prepare<[string], { timeline: number }>(db, 'SELECT timeline FROM images WHERE id = ?').get(image);
  const ordinal = timeline ? columns.ordinal(timeline.timeline) : -1;
  if (ordinal < 0) return { bits: noBits(columns.count), distances: new Uint32Array(columns.count).fill(UNLIKE) };
  if (field === 'similar') return similarLooks(data, ordinal);
  return field === 'near' ? nearDuplicates(data, ordinal) : samePrompts(db, data, ordinal);
}

function similarLooks({ columns: { arrays, count } }: IndexData, ordinal: number): Likeness {
  if (arrays.look[ordinal * LOOK_BYTES] === 0) return onlyItself(count, ordinal);
  const wanted = { ordinal, most: UNLIKE_LOOK, images: MAX_SIMILAR };
  const { distances, farthest } = lookDistances(arrays.look, count, wanted);
  const bits = noBits(count);
  for (let other = 0; other < count; other += 1)
    if ((distances[other] ?? UNLIKE) <= farthest && ((arrays.state[other] ?? 0) & STATES.removed) === 0)
      setBit(bits, other);
  return { bits, distances };
}

function nearDuplicates({ columns: { arrays, count } }: IndexData, ordinal: number): Likeness {
  const { dhash, state } = arrays;
  if (((state[ordinal] ?? 0) & STATES.hashed) === 0) return onlyItself(count, ordinal);
  const distances = new Uint32Array(count).fill(UNLIKE);
  const bits = noBits(count);
  const [high, low] = [dhash[ordinal * 2] ?? 0, dhash[ordinal * 2 + 1] ?? 0];
  for (let other = 0; other < count; other += 1) {
    if (((state[other] ?? 0) & (STATES.hashed | STATES.removed)) !== STATES.hashed) continue;
    const distance = ones((dhash[other * 2] ?? 0) ^ high) + ones((dhash[other * 2 + 1] ?? 0) ^ low);
    distances[other] = distance;
    if (distance <= MAX_NEAR) setBit(bits, other);
  }
  return { bits, distances };
}

function ones(word: number): number {
  let left = word - ((word >>> 1) & 0x5555_5555);
  left = (left & 0x3333_3333) + ((left >>> 2) & 0x3333_3333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

function onlyItself(count: number, ordinal: number): Likeness {
  const distances = new Uint32Array(count).fill(UNLIKE);
  distances[ordinal] = 0;
  return { bits: bitsOf(count, [ordinal]), distances };
}

const PROMPT = `SELECT coalesce(g.prompt, im.prompt) AS prompt FROM images i ${ORIGIN_JOINS} WHERE i.timeline = ?`;

/**
 * Images whose prompts share most of their words with one's. Prompts that share 70 % of them have at least one of the rarest 30 % and one
 * more, so only those are compared, the newest ones if there are very many.
 */
function samePrompts(db: Readable, { columns }: IndexData, ordinal: number): Likeness {
  const promptOf = (timeline: number): string =>
    prepare<[number], { prompt: string }>(db, PROMPT).get(timeline)?.prompt ?? '';
  const prompt = foldText(promptOf(columns.arrays.timeline[ordinal] ?? 0)).trim();
  const words = wordsOf(prompt);
  const found = onlyItself(columns.count, ordinal);
  if (words.size === 0) return found;
  for (const timeline of candidates(db, [...words].slice(0, MAX_WORDS))) {
    const other = columns.ordinal(timeline);
    if (other < 0) continue;
    const text = foldText(promptOf(timeline)).trim();
    const shared = text === prompt ? 1 : jaccard(words, wordsOf(text));
    if (shared < SAME_PROMPT) continue;
    setBit(found.bits, other);
    found.distances[other] = Math.round((1 - shared) * 1000);
  }
  return found;
}

function wordsOf(folded: string): Set<string> {
  return new Set(folded.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? []);
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared += 1;
  return shared / (a.size + b.size - shared);
}

function candidates(db: Readable, words: readonly string[]): Set<number> {
  const phrases = words.flatMap((word) => toFtsPhrase(word, false) ?? []);
  const count = db
    .prepare<[string], number>(
      `SELECT count(*) FROM (SELECT 1 FROM picture_words WHERE picture_words MATCH ? LIMIT ${MANY})`,
    )
    .pluck();
  const rarest = phrases
    .map((phrase) => ({ phrase, images: count.get(phrase) ?? 0 }))
    .sort((a, b) => a.images - b.images)
    .slice(0, Math.floor((1 - SAME_PROMPT) * phrases.length) + 1)
    .map(({ phrase }) => phrase);
  const newest = db
    .prepare<[string], number>(
      `SELECT rowid FROM picture_words WHERE picture_words MATCH ? ORDER BY rowid DESC LIMIT ${MAX_PROMPTS}`,
    )
    .pluck();
  // All words first: the same prompt must not be missed where very many are like it.
  return new Set([...newest.all(phrases.join(' AND ')), ...newest.all(rarest.join(' OR '))].slice(0, MAX_PROMPTS));
}
