import { expect, test } from 'vitest';
import type { Job } from '../../../../electron/contract/entities/jobs.ts';
import { isComplete, withImage, withJob } from '../../../../renderer/canvas/drafts/draft-jobs.ts';
import { canvasJob, finished, ROOT } from '../steps/canvas-jobs.ts';

const running = canvasJob(1, { from: ROOT, n: 2 });
const done = finished(running);
const firstImage = (job: Job) => job.generations[0]?.images[0];

test('a job is complete once it has ended with images', () => {
  expect(
    [running, { ...done, state: 'running' as const }, { ...running, state: 'failed' as const }].map(isComplete),
  ).toEqual([false, false, false]);
  expect(isComplete(done)).toBe(true);
});

test('a strict mask is waited for', () => {
  const request = { ...done.request, strict: { feather: 4 } } as Job['request'];
  expect(isComplete({ ...done, request })).toBe(false);
});

test('a known job is replaced in its place, a new one is the last', () => {
  const other = canvasJob(2, { from: ROOT });
  expect(withJob([running, other], done)).toEqual([done, other]);
  expect(withJob([running], other)).toEqual([running, other]);
});

test('an image is replaced in its job alone', () => {
  const image = firstImage(done);
  if (!image) throw new Error('two images');
  const changed = withImage(done, { ...image, width: 77 });
  expect(firstImage(changed)?.width).toBe(77);
  expect(changed.generations[1]).toEqual(done.generations[1]);
});
