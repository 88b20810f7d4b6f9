import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import FailureNotice from '../../../renderer/progress/FailureNotice.svelte';
import { job } from '../state/scripted-studio.ts';

test('a job that failed says what happened, whether money was billed, and offers a retry', async () => {
  const error = {
    code: 'timed-out',
    message: 'The server did not answer in 10 minutes. It may have been billed.',
    detail: { kind: 'text', text: 'The server did not answer in 10 minutes.' },
    billing: 'possible',
  } as const;
  const failed = job(1, { state: 'failed', error, finishedAt: 1 });
  const done: string[] = [];
  await render(FailureNotice, {
    job: failed,
    error,
    onretry: () => void done.push('retry'),
    ondismiss: async () => void done.push('dismiss'),
  });
  await expect.element(page.getByText('The server did not answer in 10 minutes.', { exact: true })).toBeVisible();
  await expect.element(page.getByText(/It may have been billed/u)).toBeVisible();
  await page.getByRole('button', { name: 'Retry as a new request' }).click();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  expect(done).toEqual(['retry', 'dismiss']);
});
