import { describe, expect, it } from 'vitest';
import { openNegative, pickNegative, SUBJECTS, subjectsIn } from '../../../electron/demo-api/drawing/photos.ts';
import { chanceFrom } from '../../../electron/demo-api/drawing/random.ts';
import { wordsOf } from '../../../electron/demo-api/drawing/prompt-words.ts';

describe('the negatives', () => {
  it('are all there, in the shape that the table states, cut-outs with alpha', async () => {
    for (const { negatives, cutout } of SUBJECTS) {
      for (const { file, ratio } of negatives) {
        const plate = await openNegative(file);
        expect(plate.width / plate.height, file).toBeCloseTo(ratio, 1);
      }
      if (cutout !== undefined) expect((await openNegative(cutout)).channels, cutout).toBe(4);
    }
  });

  it.each([
    ['A sunlit courtyard, cobalt walls, a low arch, steps', 1.5, 'arch-h.jpg'],
    ['Still life: a stoneware bottle with an olive branch, two pears and a lemon, terracotta wall', 1.5, 'still-h.jpg'],
    ['Product shot of a square perfume bottle on a travertine plinth, green glass', 1, 'bottle-b.jpg'],
    ['Isometric cottage with pines, clay render, night', 1, 'iso-b.jpg'],
    ['paper mountains in yellow', 1.5, 'paper-a.jpg'],
    ['Autumn forests seed:4 [demo:slow]', 1, 'forest-c.jpg'],
  ])('suit the words: %s', (prompt, ratio, file) => {
    const words = wordsOf(prompt);
    for (let seed = 0; seed < 20; seed++) {
      expect(pickNegative(subjectsIn(words)[0]!, words, ratio, chanceFrom(seed))?.file).toBe(file);
    }
  });

  it('are left to chance where no word is known', () => {
    expect(subjectsIn(wordsOf('Zyx seed:4 [demo:slow]'))).toEqual([]);
  });

  it('do not stay broken after a file could not be read', async () => {
    await expect(openNegative('none.jpg')).rejects.toThrow('none.jpg');
    await expect(openNegative('none.jpg')).rejects.toThrow('none.jpg');
  });
});
