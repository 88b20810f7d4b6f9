import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { JobId } from '../../../electron/contract/entities/ids.ts';
import { Route } from '../../../renderer/page/route.svelte.ts';
import SubmissionNotice from '../../../renderer/progress/SubmissionNotice.svelte';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { HOST, job, scriptedStudio } from '../state/scripted-studio.ts';

test('says that it is unknown whether a click was accepted, and afterwards if it was not', async () => {
  const { studio } = scriptedStudio();
  const mirror = new StudioState(studio);
  await renderInApp(SubmissionNotice, { studio, mirror, route: new Route(), host: HOST }, {});
  const notice = page.getByRole('alert');
  expect(notice.elements()).toEqual([]);
  const submission = mirror.submissions.begin({ request: job(1).request });
  mirror.submissions.unheard = [submission];
  await expect
    .poll(() => notice.element().textContent)
    .toMatch(/Emulsion couldn’t confirm that this request was accepted\./u);
  await expect.poll(() => notice.element().textContent).toMatch(/Checking… It may have been billed/u);
  mirror.submissions.unheard = [];
  const message = 'Emulsion didn’t receive this request, so it wasn’t sent. Not billed.';
  mirror.submissions.notAccepted = { code: 'host-lost', message, billing: 'none', detail: { kind: 'not-accepted' } };
  await expect.poll(() => notice.element().textContent).toMatch(/so it wasn’t sent\. Not billed/u);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  expect(notice.elements()).toEqual([]);
});

test('says after a reload that a click of the page before is unknown, until its job shows', async () => {
  const lost = { refusal: { code: 'host-lost', message: 'Emulsion isn’t responding.', billing: 'possible' } };
  const { studio, answers } = scriptedStudio({ 'jobs.create': () => lost, 'jobs.get': () => lost });
  const before = new StudioState(studio);
  await before.start();
  const { submissions } = before;
  const { request } = job(1);
  const submission = submissions.begin({ request });
  await expect(submissions.send(submission)).rejects.toThrow();
  before.stop();

  const mirror = new StudioState(studio);
  await renderInApp(SubmissionNotice, { studio, mirror, route: new Route(), host: HOST }, {});
  const notice = page.getByRole('alert');
  expect(notice.elements()).toEqual([]);
  await mirror.start();
  await expect.poll(() => notice.element().textContent).toMatch(/Checking… It may have been billed/u);
  expect(page.getByRole('button', { name: 'Dismiss' }).elements()).toEqual([]);
  answers['jobs.get'] = () => job(1, { id: submission.id as JobId, request, state: 'waiting' });
  await expect.poll(() => notice.elements()).toEqual([]);
  expect(mirror.jobs.all.map(({ id }) => id)).toEqual([submission.id]);
});
