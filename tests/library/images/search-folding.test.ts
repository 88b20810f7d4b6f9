import fc from '../../fast-check.ts';
import { describe, expect, it } from 'vitest';
import { foldText } from '../../../electron/library/images/fold-text.ts';
import { reindexAllImages } from '../../../electron/library/images/reindex-images.ts';
import { recordIntent } from '../../../electron/library/jobs/jobs.ts';
import type { Library } from '../../../electron/library/library.ts';
import { indexUsedPrompts } from '../../../electron/library/prompts/index-prompts.ts';
import { readPromptHistory } from '../../../electron/library/prompts/prompt-history.ts';
import { askLibrary } from '../index/ask-library.ts';
import { intentFor, savedImage, testLibrary } from '../test-library.ts';

/** A search, a prompt, and whether the one finds the other. */
const PAIRS: readonly [search: string, prompt: string, found: boolean][] = [
  // Composition, width, ligatures, case.
  ['cafe\u0301', 'a café at dawn', true],
  ['café', 'a cafe\u0301 at dusk', true],
  ['CAFE', 'the café closes', true],
  ['poster', 'ＰＯＳＴＥＲ of a whale', true],
  ['ｐｏｓｔｅｒ', 'a poster of an owl', true],
  ['film', 'old ﬁlm grain', true],
  ['ﬁlm', 'a film strip', true],
  ['oeuvre', 'hors d’œuvre on slate', true],
  ['aether', 'Æther and smoke', true],
  ['strasse', 'eine leere Straße', true],
  ['STRAßE', 'alte strasse', true],
  ['lodz', 'Łódź by tram', true],
  ['malmo', 'Malmö in fog', true],
  ['smorrebrod', 'smørrebrød', true],
  ['viet', 'Việt Nam', true],
  ['đà nẵng', 'da nang bridge', true],
  ['istanbul', 'İSTANBUL ferry', true],
  ['ışık', 'isik ve golge', true],
  ['x2', 'the curve x² in ink', true],
  ['ⅳ', 'Henry IV on horseback', true],
  // Greek and Cyrillic.
  ['ΑΘΗΝΑ', 'η Αθήνα το πρωί', true],
  ['οδος', 'μια ΟΔΌΣ', true],
  ['елка', 'ёлка в снегу', true],
  ['Ёжик', 'ежик в тумане', true],
  ['МОСКВА', 'москва́ вечером', true],
  ['мои', 'мой кот', false],
  ['край', 'дальний край', true],
  ['київ', 'Київ узимку', true],
  // Hebrew, Arabic, Persian.
  ['שלום', 'שָׁלוֹם על קיר', true],
  ['שָׁלוֹם', 'שלום רב', true],
  ['السلام', 'السَّلَامُ عليكم', true],
  ['احمر', 'باب أحمر', true],
  ['قمر', 'قـــمـــر كبير', true],
  ['علی', 'صورة علي', true],
  ['کتاب', 'كتاب قديم', true],
  // Japanese, Chinese, Korean, Thai, Devanagari.
  ['ガラス', 'ｶﾞﾗｽの花瓶', true],
  ['ｶﾞﾗｽ', '割れたガラス', true],
  ['カラス', 'ガラスの靴', false],
  ['さくら', 'サクラの木', true],
  ['タワー', '東京タワーの夜', true],
  ['夜月', '月夜の海', false],
  ['山水', '一幅山水画', true],
  ['水山', '山水画一幅', false],
  ['고양이', '고양이가 잔다'.normalize('NFD'), true],
  ['고양이'.normalize('NFD'), '검은 고양이', true],
  ['แมว', 'รูปแมวสีส้ม', true],
  ['हिन्दी', 'हिन्दी में लिखा', true],
  ['का', 'कि', false],
  // Emoji.
  ['🦊', 'a den 🦊 in snow', true],
  ['🦊', 'a den🦊in grass', true],
  ['🦊', 'a den 🐻', false],
  ['👍', 'thumbs 👍🏽 up', true],
  ['👍🏿', 'just 👍', true],
  ['👩‍🚀', 'hero 👩🏽‍🚀 on Mars', true],
  ['❤', 'with ❤️ on it', true],
  ['❤️', 'a ❤ again', true],
  ['🇩🇪', 'flag 🇩🇪', true],
  ['🇩🇪', 'flag 🇫🇷', false],
  // Invisible characters.
  ['zero', 'ze\u00adro point', true],
  ['wide', 'zero\u200bwide gap', true],
  ['خواهم', 'می\u200cخواهم', false],
  ['میخواهم', 'می\u200cخواهم بروم', true],
  // Exclusion and phrases.
  ['lantern -red', 'a red lantern', false],
  ['lantern -red', 'a green lantern', true],
  ['-red lantern', 'one redwood lantern', true],
  ['lantern -RÉD', 'my red lantern', false],
  ['lantern －red', 'her red lantern', false],
  ['lantern -"red paper"', 'red paper lantern', false],
  ['lantern -"red paper"', 'lantern of paper, red', true],
  ['東 -京', '東京', false],
  ['-🦊', 'no den at all', true],
  ['well-known', 'a well-known lantern', true],
  ['lantern - red', 'lantern, also red', true],
  ['--ar', 'a pier --ar 16:9', true],
  ['"red fox"', 'the red fox sleeps', true],
  ['"red fox"', 'fox, red', false],
  ['“red fox” snow', 'snow on a red fox', true],
];

/** A library with an image for each prompt of the pairs. */
async function pairsLibrary(): Promise<Library> {
  const library = await testLibrary();
  for (const prompt of new Set(PAIRS.map((pair) => pair[1]))) await savedImage(library, { prompt });
  return library;
}

/** Any text, with more of what queries are written with. */
const awkward = fc.constantFrom('-', '"', '“', '－', ' ', 'red', '東', '🦊', '\ud800', '*', '(', 'NOT', '\u0301');
const typed = fc.oneof(fc.string({ unit: awkward, maxLength: 20 }), fc.string({ unit: 'binary' }));

describe('search', () => {
  it('finds what people mean, in every script, and leaves out what they exclude', async () => {
    const { ask, prompts } = askLibrary(await pairsLibrary());
    // Where no word matches, parts of words are looked for, and the view says so.
    const finds = (search: string, prompt: string): boolean => !ask(search).byParts && prompts(search).includes(prompt);
    expect(PAIRS.filter(([search, prompt, found]) => finds(search, prompt) !== found)).toEqual([]);
  });

  it('counts what an exclusion leaves', async () => {
    const { ask } = askLibrary(await pairsLibrary());
    const total = (query: string): number => ask(query).total;
    expect(total('-red')).toBe(total('') - total('"red"'));
    expect(total('lantern -red -well')).toBeLessThan(total('lantern -red'));
    expect(total('-red -lantern')).toBeLessThan(total('-red'));
  });

  it('survives any text as query', async () => {
    const { ask } = askLibrary(await testLibrary());
    fc.assert(
      fc.property(typed, (search) => void ask(search)),
      { numRuns: 1000 },
    );
  });
});

describe('the list of used prompts', () => {
  it('finds the same, and survives any text as search', async () => {
    const { db } = await testLibrary();
    for (const prompt of new Set(PAIRS.map((pair) => pair[1]))) recordIntent(db, intentFor(prompt));
    await indexUsedPrompts(db);
    const find = async (search: string): Promise<string[]> =>
      (await readPromptHistory(db, { search, after: null, limit: 500 })).prompts.map(({ prompt }) => prompt);
    const wrong: unknown[] = [];
    for (const pair of PAIRS) if ((await find(pair[0])).includes(pair[1]) !== pair[2]) wrong.push(pair);
    expect(wrong).toEqual([]);
    await fc.assert(
      fc.asyncProperty(typed, async (search) => {
        await find(search);
      }),
      { numRuns: 300 },
    );
  });
});

describe('folding', () => {
  it('is stable: folding twice is folding once, also of decomposed and composed forms', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const folded = foldText(text);
        expect(foldText(folded)).toBe(folded);
        expect(foldText(text.normalize('NFD'))).toBe(folded);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an index of an earlier version', () => {
  it('is made again in small steps, goes on where it stopped, and is not made twice', async () => {
    const library = await testLibrary();
    const { db } = library;
    for (let index = 0; index < 120; index += 1) await savedImage(library, { prompt: `Straße ${index} 🦊` });
    await reindexAllImages(db);
    const { ask } = askLibrary(library);
    const find = (search: string): number => ask(search).total;
    expect([find('strasse'), find('🦊')]).toEqual([120, 120]);
    // As the version before indexed them.
    db.exec("DELETE FROM picture_words; DELETE FROM counters WHERE name LIKE 'search-%'");
    db.exec(`INSERT INTO picture_words (rowid, prompt)
      SELECT i.timeline, g.prompt FROM images i JOIN generations g ON g.id = i.generation_id`);
    expect([find('strasse'), find('🦊')]).toEqual([0, 0]);
    const stop = new AbortController();
    const half = reindexAllImages(db, stop.signal);
    stop.abort();
    await half;
    expect(find('strasse')).toBe(50);
    await reindexAllImages(db);
    expect([find('strasse'), find('🦊'), find('7')]).toEqual([120, 120, 11]);
    db.exec('DELETE FROM picture_words');
    await reindexAllImages(db);
    expect(find('strasse')).toBe(0);
  });
});
