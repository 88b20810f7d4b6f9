import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import FailureNotice from '../../../renderer/progress/FailureNotice.svelte';
import { renderInApp } from '../state/render-in-app.ts';
import { job, scriptedStudio } from '../state/scripted-studio.ts';

test('a job that failed says what happened, whether money was billed, and offers a retry', async () => {
  const error = {
    code: 'timed-out',
    message: 'The server did not answer in 10 minutes. It may have been billed.',
    detail: { kind: 'text', text: 'The server did not answer in 10 minutes.' },
    billing: 'possible',
  } as const;
  const failed = job(1, { state: 'failed', error, finishedAt: 1 });
  const done: string[] = [];
  await renderInApp(
    FailureNotice,
    {},
    {
      job: failed,
      error,
      onretry: () => void done.push('retry'),
      ondismiss: async () => void done.push('dismiss'),
    },
  );
  await expect.element(page.getByText('The server did not answer in 10 minutes.', { exact: true })).toBeVisible();
  await expect.element(page.getByText(/It may have been billed/u)).toBeVisible();
  await page.getByRole('button', { name: 'Retry as a new request' }).click();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  expect(done).toEqual(['retry', 'dismiss']);
});

test('a job with images that are not saved yet says where they are, and is saved again without a request', async () => {
  const error = {
    code: 'disk-full',
    message: '',
    detail: { kind: 'image-unsaved', fault: 'full', images: 1, kept: true },
    billing: 'billed',
  } as const;
  const failed = job(1, { state: 'failed', error, finishedAt: 1, unsaved: [{ path: '/rescue/one' }] });
  const saved: unknown[] = [];
  const { studio } = scriptedStudio({
    'jobs.saveAgain'(payload: unknown) {
      saved.push(payload);
      if (saved.length === 1) return { refusal: { code: 'disk-full', message: 'Still full.', billing: 'none' } };
      return job(1, { state: 'done', finishedAt: 1 });
    },
  });
  const retried = (): never => {
    throw new Error('It was sent again.');
  };
  await renderInApp(
    FailureNotice,
    { studio },
    { job: failed, error, onretry: retried, ondismiss: async () => undefined },
  );
  await expect.element(page.getByText(/It’s in \/rescue\/one now/u)).toBeVisible();
  await expect.element(page.getByRole('button', { name: /Retry/u })).not.toBeInTheDocument();
  const again = page.getByRole('button', { name: 'Save again' });
  await again.click();
  await expect.element(page.getByText('Still full.')).toBeVisible();
  await again.click();
  await expect.element(page.getByText('Still full.')).not.toBeInTheDocument();
  expect(saved).toEqual([{ jobId: failed.id }, { jobId: failed.id }]);
});
