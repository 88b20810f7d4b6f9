import { describe, expect, test } from 'vitest';
import type { GenerationState, Job } from '../../electron/contract/entities.ts';
import { quitQuestion } from '../../electron/desktop/quit.ts';

/** As much of a job as the question looks at. */
function jobWith(...generations: [state: GenerationState, n: number, arrived?: number][]): Job {
  return {
    generations: generations.map(([state, n, arrived = 0]) => ({
      state,
      n,
      pictures: Array.from({ length: arrived }),
    })),
  } as unknown as Job;
}

describe('quitQuestion', () => {
  test('asks nothing when nothing is at stake', () => {
    expect(quitQuestion([])).toBeNull();
    expect(quitQuestion([jobWith(['done', 1, 1], ['failed', 2], ['cancelled', 1], ['interrupted', 1])])).toBeNull();
  });

  test('counts the pictures that are still to come, over all jobs', () => {
    expect(quitQuestion([jobWith(['sent', 1])])?.message).toBe('1 picture is being made. Quit anyway?');
    const jobs = [jobWith(['sent', 3, 1], ['done', 1, 1]), jobWith(['intent', 1], ['intent', 1])];
    expect(quitQuestion(jobs)?.message).toBe('4 pictures are being made. Quit anyway?');
  });

  test('a request without an end counts, even when all its pictures are there', () => {
    expect(quitQuestion([jobWith(['sent', 1, 1])])?.message).toBe('1 picture is being made. Quit anyway?');
  });

  test('says what is known about money', () => {
    expect(quitQuestion([jobWith(['intent', 2])])?.detail).toBe('Nothing was sent yet, so nothing is billed.');
    expect(quitQuestion([jobWith(['intent', 1], ['sent', 1])])?.detail).toMatch(
      /may be billed, and it is not sent again/u,
    );
  });

  test('closing the box means to stay', () => {
    expect(quitQuestion([jobWith(['sent', 1])])).toMatchObject({
      defaultId: 0,
      cancelId: 0,
      buttons: ['Keep Emulsion open', 'Quit'],
    });
  });
});
