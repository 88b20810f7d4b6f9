import fc from '../../fast-check.ts';
import { describe, expect, it } from 'vitest';
import { readLibraryTotals } from '../../../electron/library/library.ts';
import { savedImage, testLibrary } from '../test-library.ts';
import { askLibrary } from './ask-library.ts';

describe('search', () => {
  it('requires every word, in any order, and treats the last one as a prefix', async () => {
    const library = await testLibrary();
    const { ask, prompts } = askLibrary(library);
    for (const prompt of ['a red fox in snow', 'a red house', 'Füchse im Schnee', 'foxglove, red'])
      await savedImage(library, { prompt });
    expect(prompts('red fox').sort()).toEqual(['a red fox in snow', 'foxglove, red']);
    expect(prompts('fox red')).toEqual(['a red fox in snow']);
    expect(prompts('SNOW fox')).toEqual(['a red fox in snow']);
    expect(prompts('fuchs')).toEqual(['Füchse im Schnee']);
    expect([ask('ox').byParts, ask('fox').byParts]).toEqual([true, false]);
    expect(prompts('house ox')).toEqual([]);
    expect(prompts('   ')).toHaveLength(4);
    expect(prompts('"red')).toHaveLength(3);
    expect(prompts('!!!')).toEqual([]);
  });

  it('finds words in scripts without spaces', async () => {
    const library = await testLibrary();
    const { prompts } = askLibrary(library);
    for (const prompt of ['夜の東京タワーと月', '京都の朝', 'Москва зимой']) await savedImage(library, { prompt });
    expect(prompts('東京')).toEqual(['夜の東京タワーと月']);
    expect(prompts('月')).toEqual(['夜の東京タワーと月']);
    expect(prompts('京')).toHaveLength(2);
    expect(prompts('京東')).toEqual([]);
    expect(prompts('москв')).toEqual(['Москва зимой']);
  });

  it('treats input as words, never as syntax', async () => {
    const library = await testLibrary();
    const { ask, prompts } = askLibrary(library);
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
    for (const search of awkward) expect(() => ask(search)).not.toThrow();
    expect(prompts('AND')).toHaveLength(1);
    expect(prompts('prompt:x')).toHaveLength(1);
    expect(prompts('a b c '.repeat(83))).toEqual([]);
    const typed = fc.oneof(
      fc.string({ maxLength: 500 }),
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc
        .array(fc.constantFrom(...awkward, ' ', 'river', '東京', '+', ':'), { maxLength: 60 })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(typed, (search) => void ask(search)),
      { numRuns: 2000 },
    );
  });

  it('finds every image by every word of its prompt', async () => {
    const library = await testLibrary();
    const { find } = askLibrary(library);
    const words = fc.array(fc.stringMatching(/^[a-zäöé0-9]{1,8}$/u), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(words, async (prompt) => {
        const { id } = await savedImage(library, { prompt: prompt.join(', ') });
        for (const word of prompt) {
          expect(find(word).map((image) => image.id)).toContain(id);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('counts matches again after one was added, trashed or restored', async () => {
    const library = await testLibrary();
    const { ask, find } = askLibrary(library);
    for (const total of [1, 2, 3]) {
      await savedImage(library, { prompt: 'heron' });
      expect([ask('heron'), ask('heron')]).toMatchObject([{ total }, { total }]);
    }
    const [first] = find('heron');
    const trash = library.db.prepare('UPDATE images SET deleted_at = ? WHERE id = ?');
    trash.run(1, first?.id);
    expect([ask('heron').total, ask('').all, readLibraryTotals(library.db).images]).toEqual([2, 2, 2]);
    trash.run(null, first?.id);
    expect([ask('heron').total, ask('').all, readLibraryTotals(library.db).images]).toEqual([3, 3, 3]);
  });
});
