import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { openDatabase, openUntrusted, type Readable } from '../../../electron/library/db/database.ts';
import { migrate } from '../../../electron/library/db/migrations/migrate.ts';
import { IndexCore } from '../../../electron/library/index/index-core.ts';
import { emptyFolder } from '../test-library.ts';
import { loadIndex } from './index-of-rows.ts';
import { COLUMNS, plainAnswer, plainCost, plainCounts, plainNameCounts } from './plain-sql.ts';
import { COLLECTIONS, RandomLibrary, TAGS, WORDS, type Random } from './random-library.ts';

const NOW = Date.UTC(2026, 7, 1, 12);
const PROPERTIES = [
  'is:favourite',
  'is:rejected',
  'is:rated',
  'is:animated',
  'is:damaged',
  'is:uncertain',
  'is:differs',
];
const HAS = ['mask', 'inputs', 'children', 'alpha', 'note', 'revised', 'tag', 'collection'];

/** A query of up to four parts, each excluded now and then. */
function randomQuery(random: Random): string {
  const part: (() => string)[] = [
    () => random.of(WORDS),
    () => `${random.of(WORDS).slice(0, 3)}*`,
    () => `"${random.of(WORDS)} ${random.of(WORDS)}"`,
    () => random.of(PROPERTIES),
    () => `has:${random.of(HAS)}`,
    () => `model:${random.of(['gpt-image-1', 'GPT-image-2', 'flux,gpt-image-1', 'gone'])}`,
    () => `op:${random.of(['create', 'edit', 'variation', 'create,edit'])}`,
    () => `server:${random.of(['Demo', 'openai', 'none'])}`,
    () => `size:${random.of(['1024x1024', '1920x1080', 'none', '1x16384'])}`,
    () => `asked:${random.of(['1024x1024', 'auto', 'none'])}`,
    () => `format:${random.of(['png', 'gif,webp'])}`,
    () => `quality:${random.of(['low', 'high', 'none', 'auto'])}`,
    () => `background:${random.of(['opaque', 'none'])}`,
    () => `tag:${random.of([...TAGS, 'none', 'gone', 'client,wip'])}`,
    () => `in:${random.of([...COLLECTIONS.map((name) => `"${name}"`), 'none', 'gone'])}`,
    () => `rating:${random.of(['>=3', '0', '2..4', '<5'])}`,
    () => `cost:${random.of(['>0.05', '0.01..0.1', 'none', '<=0.02'])}`,
    () => `width:${random.of(['>=1024', '1', '..1536'])}`,
    () => `height:${random.of(['<1536', '16384'])}`,
    () => `bytes:${random.of(['>2.5', '1..3'])}`,
    () => `date:${random.of(['2026', '2026-05', '2026-04..2026-06', '>2026-05-03', '2026-06-01..', '2025'])}`,
  ];
  return Array.from({ length: random.below(5) }, () => (random.chance(0.25) ? '-' : '') + random.of(part)()).join(' ');
}

function randomQuestion(random: Random): ViewQuestion {
  const by = random.of(['date', 'date', 'rating', 'cost', 'size'] as const);
  return {
    query: randomQuery(random),
    sort: { by, descending: random.chance(0.7) },
    grouping: random.of(['day', 'month', 'none']),
    stacking: 'none',
    place: random.chance(0.9) ? 'library' : 'trash',
  };
}

async function randomLibrary(seed: number): Promise<{ library: RandomLibrary; reader: Readable }> {
  const path = join(await emptyFolder(), 'library.db');
  const db = openDatabase(path);
  db.pragma('synchronous = OFF');
  migrate(db);
  const reader = openUntrusted(path, { readonly: true }) as Readable;
  onTestFinished(() => {
    reader.close();
    db.close();
  });
  const library = new RandomLibrary(db, seed);
  db.transaction(() => {
    for (let job = 0; job < 60; job += 1) library.addJob();
    for (let edit = 0; edit < 60; edit += 1) library.edit();
  })();
  return { library, reader };
}

function timelinesOf(core: IndexCore, reader: Readable, viewId: string): number[] {
  const timelineOf = reader.prepare<[string], number>('SELECT timeline FROM images WHERE id = ?').pluck();
  const rows = core.answer('rows', { viewId, from: 0, count: 10_000 });
  return rows.map((row) => (row ? timelineOf.get(row.id)! : -1));
}

it.each([1, 2, 3])('answers as plain SQL does, after any edits (seed %i)', async (seed) => {
  const { library, reader } = await randomLibrary(seed);
  const core = new IndexCore(reader, loadIndex(reader), { prefix: 'a', now: () => NOW });
  let found = 0;
  for (let round = 0; round < 30; round += 1) {
    library.db.transaction(() => {
      for (let edit = 0; edit < library.random.below(8); edit += 1) library.edit();
    })();
    const question = randomQuestion(library.random);
    const about = JSON.stringify(question);
    const view = core.answer('ask', { question });
    const expected = plainAnswer(reader, question);
    if (view.byParts) continue;
    expect(timelinesOf(core, reader, view.id), about).toEqual(expected);
    expect(view.total).toBe(expected.length);
    expect(view.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(
      question.sort.by === 'date' ? expected.length : 0,
    );
    for (const { first, count, cost } of view.buckets)
      expect(cost, about).toEqual(
        question.stacking === 'none' ? plainCost(reader, expected.slice(first, first + count)) : null,
      );
    found += expected.length > 0 ? 1 : 0;
    if (round % 3 > 0) continue;
    const { facets } = core.answer('facets', { viewId: view.id });
    for (const { field, values, none } of facets) {
      const column = COLUMNS[field];
      const counts =
        field === 'tag' || field === 'in'
          ? plainNameCounts(reader, question, field)
          : column && plainCounts(reader, question, field, column);
      if (!counts) continue;
      expect(none, `${field} ${about}`).toBe(counts[''] ?? 0);
      for (const { value, count } of values) expect(count, `${field}:${value} ${about}`).toBe(counts[value] ?? 0);
      expect(values.filter(({ count }) => count > 0).length).toBe(
        Object.keys(counts).filter((key) => key !== '').length,
      );
    }
  }
  expect(found).toBeGreaterThan(10);
  // What was applied bit by bit is what is there when everything is read anew.
  const anew = new IndexCore(reader, loadIndex(reader), { prefix: 'b', now: () => NOW });
  for (const stacking of ['jobs', 'edits', 'none'] as const) {
    const question: ViewQuestion = { ...randomQuestion(library.random), query: '', stacking, place: 'library' };
    const [old, fresh] = [core, anew].map((one) => {
      const view = one.answer('ask', { question });
      return {
        rows: one.answer('rows', { viewId: view.id, from: 0, count: 10_000 }),
        facets: one.answer('facets', { viewId: view.id }),
      };
    });
    expect(old!.rows).toEqual(fresh!.rows);
    expect(old!.facets.ranges).toEqual(fresh!.facets.ranges);
    const tagsAndProperties = (facets: typeof old): unknown[] =>
      facets!.facets.facets.filter(({ field }) => ['tag', 'in', 'is', 'has', 'ratio'].includes(field));
    expect(tagsAndProperties(old)).toEqual(tagsAndProperties(fresh));
  }
});
