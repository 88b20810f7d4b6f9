import { describe, expect, it } from 'vitest';
import { loadPhoto } from '../../../electron/demo-api/drawing/load-photo.ts';
import { pickPhoto, subjectsIn } from '../../../electron/demo-api/drawing/pick-photo.ts';
import { SUBJECTS } from '../../../electron/demo-api/drawing/subjects.ts';
import { createRandom } from '../../../electron/demo-api/drawing/random.ts';
import { promptWords } from '../../../electron/demo-api/drawing/prompt-words.ts';

describe('photos', () => {
  it('all exist with the listed aspect ratio, cut-outs with alpha', async () => {
    for (const { photos, cutout } of SUBJECTS) {
      for (const { file, ratio } of photos) {
        const photoPixels = await loadPhoto(file);
        expect(photoPixels.width / photoPixels.height, file).toBeCloseTo(ratio, 1);
      }
      if (cutout !== undefined) expect((await loadPhoto(cutout)).channels, cutout).toBe(4);
    }
  });

  it.each([
    ['A sunlit courtyard, cobalt walls, a low arch, steps', 1.5, 'arch-h.jpg'],
    ['Still life: a stoneware bottle with an olive branch, two pears and a lemon, terracotta wall', 1.5, 'still-h.jpg'],
    ['Product shot of a square perfume bottle on a travertine plinth, green glass', 1, 'bottle-b.jpg'],
    ['Isometric cottage with pines, clay render, night', 1, 'iso-b.jpg'],
    ['paper mountains in yellow', 1.5, 'paper-a.jpg'],
    ['Autumn forests seed:4 [demo:slow]', 1, 'forest-c.jpg'],
  ])('match the prompt: %s', (prompt, ratio, file) => {
    const words = promptWords(prompt);
    for (let seed = 0; seed < 20; seed++) {
      expect(pickPhoto(subjectsIn(words)[0]!, words, ratio, createRandom(seed))?.file).toBe(file);
    }
  });

  it('are random if no word is known', () => {
    expect(subjectsIn(promptWords('Zyx seed:4 [demo:slow]'))).toEqual([]);
  });

  it('are read again after a failed read', async () => {
    await expect(loadPhoto('none.jpg')).rejects.toThrow('none.jpg');
    await expect(loadPhoto('none.jpg')).rejects.toThrow('none.jpg');
  });
});
