import fc from '../../fast-check.ts';
import { describe, expect, it } from 'vitest';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Image, ImageCursor } from '../../../electron/contract/entities/images.ts';
import { transact } from '../../../electron/library/db/database.ts';
import { saveImage } from '../../../electron/library/images/save-image.ts';
import { readLibraryTotals, type Library } from '../../../electron/library/library.ts';
import { listRecentJobs } from '../../../electron/library/jobs/recent-jobs.ts';
import { readImagePage } from '../../../electron/library/images/search.ts';
import { toIndexText } from '../../../electron/library/images/search-tokens.ts';
import { receiveFile, intentFor, recordRequest, savedImage, smallPng, testLibrary } from '../test-library.ts';

const find = (library: Library, search: string): string[] =>
  readImagePage(library.db, { search, after: null, limit: 50 }).images.map(({ prompt }) => prompt);

/** Reads all pages; `between` is called after each. */
function walk(library: Library, search: string, limit: number, between: () => void = () => undefined): Image[] {
  const all: Image[] = [];
  for (let after: ImageCursor | null = null; ;) {
    const page = readImagePage(library.db, { search, after, limit });
    all.push(...page.images);
    if (!page.next) return all;
    after = page.next;
    between();
  }
}

/** Inserts rows directly, for counts that would take long to save one by one. */
function manyRows(library: Library, count: number, prompt: (index: number) => string): void {
  const { db } = library;
  const generationId = recordRequest(library, intentFor('many'));
  transact(db, () => {
    const sha = 'ab'.repeat(32);
    db.prepare("INSERT OR IGNORE INTO originals VALUES (?, 'png', 1)").run(sha);
    const image = db.prepare(
      `INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, created_at)
       SELECT @at * 1024, @id, job_id, id, @index, @sha, 1, 1, @at FROM generations WHERE id = @generationId`,
    );
    const words = db.prepare('INSERT INTO picture_words (rowid, prompt) VALUES (?, ?)');
    for (let index = 0; index < count; index += 1) {
      const at = 1_000_000 + index;
      const id = `01890000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
      image.run({ at, id, index, sha, generationId });
      words.run(at * 1024, toIndexText(prompt(index)));
    }
  });
}

describe('the library, page by page', () => {
  it('lists newest to oldest, each image once, even within one millisecond', async () => {
    const library = await testLibrary();
    const saved: Image[] = [];
    for (const at of [1000, 3000, 2000, 2000, 2000]) saved.push(await savedImage(library, { at }));
    const images = walk(library, '', 2);
    expect(images.map(({ createdAt }) => createdAt)).toEqual([3000, 2000, 2000, 2000, 1000]);
    expect(new Set(images.map(({ id }) => id)).size).toBe(5);
    expect(readImagePage(library.db, { search: '', after: null, limit: 2 }).total).toBe(5);
    expect(readImagePage(library.db, { search: '', after: null, limit: 5 }).next).toBeNull();
    expect(new Set(images.map(({ id }) => id))).toEqual(new Set(saved.map(({ id }) => id)));
  });

  it('neither repeats nor skips an image when others are added meanwhile', async () => {
    const library = await testLibrary();
    const before: Image[] = [];
    for (let at = 1; at <= 6; at += 1) before.push(await savedImage(library, { at: at * 1000, prompt: 'grove' }));
    const late = recordRequest(library, intentFor('grove'));
    const files = await Promise.all(Array.from({ length: 12 }, async () => receiveFile(library, await smallPng())));
    const adding: Promise<unknown>[] = [];
    for (const search of ['', 'grove']) {
      const pages = walk(library, search, 2, () => {
        const file = files.pop();
        if (file)
          adding.push(
            saveImage(library, { generationId: late, position: 0, file, revisedPrompt: null, at: 9_000_000 }),
          );
      });
      expect(pages.filter(({ generationId }) => generationId !== late).map(({ id }) => id)).toEqual(
        before.map(({ id }) => id).reverse(),
      );
      await Promise.all(adding);
    }
  });

  it('continues at the same position if the cursor’s image is gone', async () => {
    const library = await testLibrary();
    for (const at of [1, 2, 3, 4]) await savedImage(library, { at });
    const { next } = readImagePage(library.db, { search: '', after: null, limit: 2 });
    library.db.prepare('DELETE FROM images WHERE id = ?').run(next?.id);
    const rest = readImagePage(library.db, { search: '', after: next, limit: 9 });
    expect(rest.images.map(({ createdAt }) => createdAt)).toEqual([2, 1]);
    expect(rest.total).toBe(3);
  });

  it('can be empty', async () => {
    const library = await testLibrary();
    expect(readImagePage(library.db, { search: '', after: null, limit: 10 })).toEqual({
      images: [],
      total: 0,
      next: null,
    });
    const after = { createdAt: 5, id: '01890000-0000-7000-8000-000000000000' as ImageId };
    expect(readImagePage(library.db, { search: 'x', after, limit: 10 }).images).toEqual([]);
  });

  it('counts matches again after something was added', async () => {
    const library = await testLibrary();
    const total = (): number => readImagePage(library.db, { search: 'heron', after: null, limit: 1 }).total;
    for (const expected of [1, 2, 3]) {
      await savedImage(library, { prompt: 'heron' });
      expect([total(), total()]).toEqual([expected, expected]);
    }
  });

  it('keeps its counts when images are trashed and restored', async () => {
    const library = await testLibrary();
    const { id } = await savedImage(library, { prompt: 'willow' });
    await savedImage(library, { prompt: 'willow' });
    library.db.prepare('UPDATE images SET deleted_at = 1 WHERE id = ?').run(id);
    expect(readLibraryTotals(library.db).images).toBe(1);
    expect(find(library, 'willow')).toHaveLength(1);
    expect(walk(library, '', 10)).toHaveLength(1);
    library.db.prepare('UPDATE images SET deleted_at = NULL WHERE id = ?').run(id);
    expect(readLibraryTotals(library.db).images).toBe(2);
  });

  it('doesn’t read earlier pages, with 10,000 images', async () => {
    const library = await testLibrary();
    manyRows(library, 10_000, (index) => (index % 2 ? 'odd lantern' : 'even lantern'));
    const middle = { createdAt: 1_005_000, id: '01890000-0000-7000-8000-000000001388' as ImageId };
    const page = readImagePage(library.db, { search: '', after: middle, limit: 200 });
    expect(page.images[0]?.createdAt).toBe(1_004_999);
    expect(page.total).toBe(10_000);
    const matches = readImagePage(library.db, { search: 'lant odd', after: middle, limit: 200 });
    expect(matches.images).toEqual([]);
    expect(readImagePage(library.db, { search: 'odd lant', after: middle, limit: 200 })).toMatchObject({ total: 5000 });

    // A plan without sort or scan is fast at any size; a timing would measure this machine's load.
    const plan = library.db
      .prepare<[], { detail: string }>(
        `EXPLAIN QUERY PLAN SELECT i.id FROM images i CROSS JOIN originals o ON o.sha256 = i.sha256
         WHERE i.deleted_at IS NULL AND i.timeline < 5 ORDER BY i.timeline DESC LIMIT 10`,
      )
      .all()
      .map(({ detail }) => detail);
    expect(plan[0]).toMatch(/^SEARCH i USING .*(?:images_visible|INTEGER PRIMARY KEY)/u);
    expect(plan.join(' ')).not.toMatch(/TEMP B-TREE/u);
  });

  it('accepts more images in one millisecond than it has slots', async () => {
    const library = await testLibrary();
    manyRows(library, 2, () => 'x');
    const generationId = recordRequest(library, intentFor('crowd'));
    transact(library.db, () => {
      const insert = library.db.prepare(
        `INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, created_at)
         SELECT @timeline, @id, job_id, id, @index, '${'ab'.repeat(32)}', 1, 1, 7 FROM generations WHERE id = @generationId`,
      );
      for (let index = 0; index < 1026; index += 1) {
        const id = `01890000-0000-7000-9000-${index.toString(16).padStart(12, '0')}`;
        insert.run({ timeline: 7 * 1024 + index, id, index, generationId });
      }
    });
    const image = await savedImage(library, { at: 7 });
    expect(library.db.prepare('SELECT timeline FROM images WHERE id = ?').pluck().get(image.id)).toBe(7 * 1024 + 1026);
  });
});

describe('search', () => {
  it('requires every word, in any order, and treats the last one as a prefix', async () => {
    const library = await testLibrary();
    for (const prompt of ['a red fox in snow', 'a red house', 'Füchse im Schnee', 'foxglove, red'])
      await savedImage(library, { prompt });
    expect(find(library, 'red fox').sort()).toEqual(['a red fox in snow', 'foxglove, red']);
    expect(find(library, 'fox red')).toEqual(['a red fox in snow']);
    expect(find(library, 'SNOW fox')).toEqual(['a red fox in snow']);
    expect(find(library, 'fuchs')).toEqual(['Füchse im Schnee']);
    expect(find(library, 'ox')).toEqual([]);
    expect(find(library, '   ')).toHaveLength(4);
    expect(find(library, '"red')).toHaveLength(3);
    expect(find(library, '!!!')).toEqual([]);
  });

  it('finds words in scripts without spaces', async () => {
    const library = await testLibrary();
    for (const prompt of ['夜の東京タワーと月', '京都の朝', 'Москва зимой']) await savedImage(library, { prompt });
    expect(find(library, '東京')).toEqual(['夜の東京タワーと月']);
    expect(find(library, '月')).toEqual(['夜の東京タワーと月']);
    expect(find(library, '京')).toHaveLength(2);
    expect(find(library, '京東')).toEqual([]);
    expect(find(library, 'москв')).toEqual(['Москва зимой']);
  });

  it('treats input as words, never as syntax', async () => {
    const library = await testLibrary();
    await savedImage(library, { prompt: 'NEAR the river AND (OR) "quoted" prompt: x*' });
    const awkward = [
      '"',
      '""',
      '"a',
      'a"b',
      'AND',
      'OR NOT',
      'NEAR(a b, 3)',
      'prompt:x',
      '{prompt}:x',
      '^a',
      'a*',
      '-a',
      '(',
      ')',
      "'; DROP TABLE images; --",
      'a\0b',
      '\ud800',
      '́',
    ];
    for (const search of awkward) expect(() => find(library, search)).not.toThrow();
    expect(find(library, 'AND')).toHaveLength(1);
    expect(find(library, 'prompt:x')).toHaveLength(1);
    expect(find(library, 'a b c '.repeat(83))).toEqual([]);
    const typed = fc.oneof(
      fc.string({ maxLength: 500 }),
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc
        .array(fc.constantFrom(...awkward, ' ', 'river', '東京', '+', ':'), { maxLength: 60 })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(typed, (search) => void find(library, search)),
      { numRuns: 2000 },
    );
  });

  it('finds every image by every word of its prompt', async () => {
    const library = await testLibrary();
    const words = fc.array(fc.stringMatching(/^[a-zäöé0-9]{1,8}$/u), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(words, async (prompt) => {
        const { id } = await savedImage(library, { prompt: prompt.join(', ') });
        for (const word of prompt) {
          expect(walk(library, word, 50).map((image) => image.id)).toContain(id);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('runs', () => {
  it('are the newest jobs with images, each with all its images in order', async () => {
    const library = await testLibrary();
    const old = await savedImage(library, { prompt: 'old', at: 1000 });
    const empty = intentFor('nothing came', { createdAt: 3000 });
    recordRequest(library, empty);
    const click = intentFor('two requests', { createdAt: 2000, requests: 2 });
    recordRequest(library, click);
    const saved: Image[] = [];
    for (const { id: generationId } of [...click.generations].reverse()) {
      const file = await receiveFile(library, await smallPng());
      saved.unshift(await saveImage(library, { generationId, position: 0, file, revisedPrompt: null, at: 2500 }));
    }
    const [run, older, ...more] = listRecentJobs(library.db, { limit: 10 });
    expect(run).toEqual({
      jobId: click.id,
      prompt: 'two requests',
      model: 'gpt-image-2',
      size: '1024x1024',
      quality: 'high',
      cost: null,
      estimate: null,
      createdAt: 2000,
      startedAt: null,
      images: saved,
    });
    expect(older?.images).toEqual([old]);
    expect(more).toEqual([]);
    expect(listRecentJobs(library.db, { limit: 1 })).toHaveLength(1);
  });
});
