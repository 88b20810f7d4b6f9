import fc from '../../fast-check.ts';
import { describe, expect, it } from 'vitest';
import { createCollection } from '../../fakes/collections.ts';
import { listCollections } from '../../../electron/library/order/read-collections.ts';
import type { Library } from '../../../electron/library/library.ts';
import {
  BARS,
  BY_COLLECTION,
  BY_MODEL,
  BY_PROFILE,
  LINES,
  readSpending,
  SPENT_BETWEEN,
  readSpendingLines,
  spentBetween,
  UNCERTAIN_REQUESTS,
} from '../../../electron/library/jobs/spending.ts';
import { tokenHistory, USAGE_OF_MODEL } from '../../../electron/library/jobs/token-history.ts';
import { writeEntries, type Entry } from './spending-fixtures.ts';
import { testLibrary } from '../test-library.ts';

const MODELS = ['gpt-image-2', 'gpt-image-2.6-flare', 'mine'];
const PROFILES = ['OpenAI', 'Azure'];
const NAMES = ['Casa Azul', 'Olive & stone'];
const SPAN = { from: 1000, to: 2000 };

const entry = (fields: Partial<Entry> = {}): Entry => ({
  at: 1500,
  model: 'gpt-image-2',
  profile: 'OpenAI',
  state: 'done',
  billing: 'billed',
  cost: 100,
  basis: 'usage',
  max: 150,
  images: 1,
  collections: [],
  ...fields,
});

const anyEntry: fc.Arbitrary<Entry> = fc
  .record({
    at: fc.integer({ min: 900, max: 2100 }),
    model: fc.constantFrom(...MODELS),
    profile: fc.constantFrom(...PROFILES),
    end: fc.constantFrom('known', 'known', 'free', 'unknown', 'thought free', 'running', 'not billed'),
    cost: fc.integer({ min: 0, max: 5_000_000 }),
    max: fc.option(fc.integer({ min: 1, max: 9_000_000 })),
    images: fc.integer({ min: 0, max: 3 }),
    collections: fc.uniqueArray(fc.constantFrom(0, 1)),
  })
  .map(({ end, cost, max, ...rest }) => {
    const unknown = entry({ ...rest, cost: null, basis: null, max, state: 'failed', billing: 'possible' });
    if (end === 'known') return entry({ ...rest, cost, max });
    if (end === 'free') return entry({ ...rest, cost: 0, basis: 'free', max: 0 });
    if (end === 'thought free') return { ...unknown, max: 0 };
    if (end === 'running') return { ...unknown, state: 'sent' };
    if (end === 'not billed') return { ...unknown, billing: 'none' };
    return unknown;
  });

async function ledger(entries: readonly Entry[]): Promise<Library> {
  const library = await testLibrary();
  writeEntries(
    library,
    entries,
    NAMES.map((name) => createCollection(library.db, name, 1).id),
  );
  return library;
}

/** An independent calculation: name, images and cost of each group, unordered. */
function grouped(entries: readonly Entry[], names: (entry: Entry) => string[]): Set<string> {
  const groups = new Map<string, { images: number; cost: number }>();
  for (const one of entries) {
    for (const name of names(one)) {
      const group = groups.get(name) ?? { images: 0, cost: 0 };
      groups.set(name, { images: group.images + one.images, cost: group.cost + (one.cost ?? 0) });
    }
  }
  return new Set([...groups].map(([name, { images, cost }]) => `${name}: ${images}, ${cost}`));
}
const told = (rows: readonly { name: string; images: number; cost: number }[]): Set<string> =>
  new Set(rows.map(({ name, images, cost }) => `${name}: ${images}, ${cost}`));

describe('spending', () => {
  it('equals an independent calculation, for any requests', async () => {
    const library = await ledger([]);
    const made = listCollections(library.db);
    const collections = NAMES.flatMap((wanted) => made.find(({ name }) => name === wanted)?.id ?? []);
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { maxLength: 30 }), fc.integer({ min: 1, max: 7 }), (entries, bars) => {
        library.db.exec('DELETE FROM images; DELETE FROM originals; DELETE FROM jobs');
        writeEntries(library, entries, collections);
        const steps = Array.from({ length: bars }, (_, index) => 1000 + Math.floor((index * 1000) / bars));
        const found = readSpending(library.db, { span: SPAN, steps });

        const within = entries.filter(({ at }) => at >= SPAN.from && at < SPAN.to);
        const certain = within.filter(({ basis }) => basis === 'usage');
        const total = certain.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
        expect(found.total).toBe(total);
        expect(spentBetween(library.db, SPAN)).toBe(total);
        expect(found.images).toBe(certain.reduce((sum, { images }) => sum + images, 0));
        expect(told(found.models)).toEqual(grouped(certain, ({ model }) => [model]));
        expect(told(found.profiles)).toEqual(grouped(certain, ({ profile }) => [profile]));
        const withImages = certain.filter(({ images }) => images > 0);
        expect(told(found.collections)).toEqual(
          grouped(withImages, ({ collections: places }) => (places.length ? places.map((n) => NAMES[n] ?? '') : [''])),
        );
        const stepOf = (at: number): number => steps.findLast((step) => step <= at) ?? 0;
        const bar = grouped(
          certain.filter(({ cost }) => cost),
          ({ at, model }) => [`${stepOf(at)} ${model}`],
        );
        expect(found.bars.map(({ at, model, cost }) => `${at} ${model} ${cost}`).toSorted()).toEqual(
          [...bar].map((text) => text.replace(/: \d+,/u, '')).toSorted(),
        );
        const uncertain = within.filter(
          ({ cost, state, billing, max }) => cost === null && state === 'failed' && billing !== 'none' && max !== 0,
        );
        expect(found.uncertain.map(({ at, max }) => `${at} ${max}`).toSorted()).toEqual(
          uncertain.map(({ at, max }) => `${at} ${max}`).toSorted(),
        );

        const lines = readSpendingLines(library.db, { span: SPAN, after: null, limit: 500 }).lines;
        expect(lines.map(({ at, cost }) => `${at} ${cost}`).toSorted()).toEqual(
          [...certain, ...uncertain].map(({ at, cost }) => `${at} ${cost}`).toSorted(),
        );
        return Promise.resolve();
      }),
      { numRuns: 60 },
    );
  });

  it('lists how an uncertain request ended and the most it can have cost', async () => {
    const { db } = await ledger([entry({ state: 'failed', billing: 'possible', cost: null, basis: null, max: 610 })]);
    const { total, uncertain } = readSpending(db, { span: SPAN, steps: [1000] });
    expect(total).toBe(0);
    expect(uncertain).toMatchObject([{ state: 'failed', code: 'timed-out', billing: 'possible', max: 610 }]);
  });

  it('counts a request at a boundary once', async () => {
    const { db } = await ledger([entry({ at: 1000 }), entry({ at: 1500 }), entry({ at: 2000 })]);
    expect(spentBetween(db, { from: 1000, to: 1500 })).toBe(100);
    expect(spentBetween(db, { from: 1500, to: 2000 })).toBe(100);
    expect(readSpending(db, { span: SPAN, steps: [1000, 1500] }).bars).toMatchObject([
      { at: 1000, cost: 100 },
      { at: 1500, cost: 100 },
    ]);
  });
});

describe('lines', () => {
  it('are paged without gaps or repeats, oldest first, even within one millisecond', async () => {
    const { db } = await ledger(Array.from({ length: 23 }, (_, index) => entry({ at: 1500 + Math.floor(index / 5) })));
    const seen: string[] = [];
    let after = null;
    for (;;) {
      const page = readSpendingLines(db, { span: SPAN, after, limit: 5 });
      seen.push(...page.lines.map(({ generationId }) => generationId));
      expect(page.lines.map(({ at }) => at)).toEqual(page.lines.map((line) => line.at).toSorted());
      if (!page.next) break;
      after = page.next;
    }
    expect(new Set(seen).size).toBe(23);
    expect(seen).toHaveLength(23);
  });

  it('contain what is needed to check a bill', async () => {
    const { db } = await ledger([entry({ collections: [0, 1], images: 2, profile: 'Azure' })]);
    expect(readSpendingLines(db, { span: SPAN, after: null, limit: 5 }).lines).toMatchObject([
      {
        profile: 'Azure',
        profileId: 'environment',
        model: 'gpt-image-2',
        size: '1024x1024',
        quality: 'low',
        images: 2,
        inputTokens: 7,
        outputTokens: 272,
        cost: 100,
        collections: ['Casa Azul', 'Olive & stone'],
        prompt: 'a prompt',
      },
    ]);
  });
});

describe('a model’s token history', () => {
  it('uses the newest twenty requests with a token count, per image', async () => {
    const old = Array.from({ length: 30 }, (_, index) => entry({ at: 1000 + index, images: 2 }));
    const { db } = await ledger([...old, entry({ model: 'mine' }), entry({ basis: 'pictures' }), entry({ images: 0 })]);
    const { entries } = tokenHistory(db, 'gpt-image-2');
    expect(entries).toHaveLength(20);
    expect(entries[0]).toEqual({ quality: 'low', asked: 'auto', pixels: 1024 * 1024, outputTokens: 136, partials: 0 });
    expect(tokenHistory(db, 'nobody')).toEqual({ model: 'nobody', entries: [] });
  });
});

describe('query plans', () => {
  it.each<[string, string, unknown]>([
    ['the sum for the cap', SPENT_BETWEEN, SPAN],
    ['the bars', BARS, { ...SPAN, steps: '[1000,1500]' }],
    ['the sums by model', BY_MODEL, SPAN],
    ['the sums by profile', BY_PROFILE, SPAN],
    ['the sums by collection', BY_COLLECTION, SPAN],
    ['what is not certain', UNCERTAIN_REQUESTS, SPAN],
    ['a page of lines', LINES, { ...SPAN, at: 0, id: '', limit: 5 }],
  ])('%s uses the spending index', async (_, sql, binds) => {
    const plan = await createPlan(sql, binds);
    expect(plan).toMatch(/SEARCH (?:generations|g) USING INDEX generations_spent \(<expr>>/u);
    expect(plan).not.toMatch(/SCAN (?:generations|j|i|m|c)\b/u);
  });

  it('token history uses the model index, newest first', async () => {
    const plan = await createPlan(USAGE_OF_MODEL, ['m', 20]);
    expect(plan).toContain('USING INDEX generations_of_model (model=?');
    expect(plan).not.toContain('TEMP B-TREE');
  });
});

async function createPlan(sql: string, binds: unknown): Promise<string> {
  const { db } = await testLibrary();
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(binds) as { detail: string }[];
  return rows.map(({ detail }) => detail).join('\n');
}
