import fc from '../../fast-check.ts';
import { describe, expect, it } from 'vitest';
import type { GenerationId } from '../../../electron/contract/entities/ids.ts';
import { tokenPrices } from '../../../electron/contract/entities/money.ts';
import { splitMicros } from '../../../electron/library/images/cost-shares.ts';
import type { RecordedCost } from '../../../electron/library/jobs/costs.ts';
import { finishGeneration, readGeneration } from '../../../electron/library/jobs/generations.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { saveImage } from '../../../electron/library/images/save-image.ts';
import type { Library } from '../../../electron/library/library.ts';
import { readSpending } from '../../../electron/library/jobs/spending.ts';
import { receiveFile, intentFor, recordRequest, smallPng, testLibrary } from '../test-library.ts';

const PRICES = tokenPrices({ imageOut: 30 });
const COST: RecordedCost = { cost: 100_001, basis: 'usage', prices: PRICES };

async function save(library: Library, generationId: GenerationId, position: number) {
  const file = await receiveFile(library, await smallPng());
  return saveImage(library, { generationId, position, file, revisedPrompt: null, at: Date.now() });
}

function finish(library: Library, id: GenerationId, cost?: RecordedCost | null): void {
  finishGeneration(library.db, id, { state: 'done', at: 5, answer: {}, billing: 'billed', error: null, cost });
}

const sharesOf = ({ db }: Library): unknown[] => db.prepare('SELECT cost FROM images ORDER BY position').pluck().all();

describe('shares', () => {
  it('add up to the total and differ by at most one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 50 }), fc.integer({ min: 1, max: 10 }), (whole, parts) => {
        const shares = splitMicros(whole, parts);
        expect(shares).toHaveLength(parts);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(whole);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
    expect(splitMicros(5, 0)).toEqual([]);
  });
});

describe('the cost of a request', () => {
  it('is stored with the prices of its day and divided among its images', async () => {
    const library = await testLibrary();
    const id = recordRequest(library, intentFor('three ships', { n: 3 }));
    const images = [await save(library, id, 0), await save(library, id, 1), await save(library, id, 2)];
    finish(library, id, COST);
    expect(readGeneration(library.db, id)).toMatchObject({ cost: 100_001, costBasis: 'usage' });
    expect(images.map((image) => readImage(library.db, image.id)?.cost)).toEqual([33_334, 33_334, 33_333]);
    const prices = library.db.prepare('SELECT prices FROM generations').pluck().get() as string;
    expect(JSON.parse(prices)).toEqual(PRICES);
  });

  it('is divided again when an image is saved late', async () => {
    const library = await testLibrary();
    const id = recordRequest(library, intentFor('two ships', { n: 2 }));
    await save(library, id, 0);
    finish(library, id, COST);
    expect(sharesOf(library)).toEqual([100_001]);
    await save(library, id, 1);
    expect(sharesOf(library)).toEqual([50_001, 50_000]);
  });

  it('is unknown if not given, and the request counts as uncertain', async () => {
    const library = await testLibrary();
    const id = recordRequest(library, intentFor('a ship', { estimate: null, createdAt: 1500 }));
    const image = await save(library, id, 0);
    const error = { code: 'connection-lost' as const, message: 'Lost.', billing: 'billed' as const };
    finishGeneration(library.db, id, { state: 'failed', at: 5, answer: null, billing: 'billed', error });
    expect(readImage(library.db, image.id)).toMatchObject({
      cost: null,
      generation: { cost: null, costBasis: null },
    });
    const { total, uncertain } = readSpending(library.db, { span: { from: 0, to: 2000 }, steps: [0] });
    expect({ total, uncertain }).toMatchObject({
      total: 0,
      uncertain: [{ code: 'connection-lost', billing: 'billed' }],
    });
  });

  it('of a request that ends twice is the last one given', async () => {
    const library = await testLibrary();
    const id = recordRequest(library, intentFor('a ship'));
    await save(library, id, 0);
    finish(library, id, COST);
    finish(library, id, null);
    expect(sharesOf(library)).toEqual([null]);
    finish(library, id, { cost: 0, basis: 'free', prices: null });
    expect(sharesOf(library)).toEqual([0]);
  });
});
