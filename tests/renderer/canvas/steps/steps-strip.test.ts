import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Job } from '../../../../electron/contract/entities/jobs.ts';
import '../../../../renderer/app.css';
import StepsStrip from '../../../../renderer/canvas/steps/StepsStrip.svelte';
import { stepsTree, type StepNode } from '../../../../renderer/canvas/steps/steps-tree.ts';
import { renderInApp } from '../../state/render-in-app.ts';
import { scriptedStudio } from '../../state/scripted-studio.ts';
import { WITH_IMAGES } from '../../viewer/image-record.ts';
import { canvasJob, finished, nodeId, ROOT, ROOT_IMAGE } from './canvas-jobs.ts';

beforeEach(async () => {
  await page.viewport(900, 500);
});

const JOBS: Job[] = [
  finished(canvasJob(1, { from: ROOT, prompt: 'Celadon glaze' })),
  finished(canvasJob(2, { from: ROOT, prompt: 'Terracotta' })),
  canvasJob(3, { from: nodeId(100), prompt: 'Celadon glaze, with crackle and a fine line' }),
];

async function mount(jobs = JOBS, current = nodeId(100), studio = scriptedStudio().studio) {
  const opened: StepNode[] = [];
  const compared: StepNode[] = [];
  const props = {
    tree: stepsTree(ROOT_IMAGE, jobs, { from: nodeId(200), prompt: '' }),
    current,
    onopen: (node: StepNode) => void opened.push(node),
    oncompare: (node: StepNode) => void compared.push(node),
  };
  const { container, rerender } = await renderInApp(StepsStrip, { host: WITH_IMAGES, studio }, props);
  Object.assign(container.style, { position: 'fixed', inset: 'auto 0 0' });
  return { container, opened, compared, rerender };
}

const item = (name: RegExp) => page.getByRole('treeitem', { name });

test('the strip is an accessible tree with levels, positions, costs, the current node and running ones', async () => {
  await mount();
  await expect.element(page.getByText('3 images, 2 branches')).toBeVisible();
  const celadon = item(/^Celadon glaze, Mask, \$0\.200, on the stage$/u);
  await expect.element(celadon).toHaveAttribute('aria-level', '2');
  await expect.element(celadon).toHaveAttribute('aria-setsize', '2');
  await expect.element(celadon).toHaveAttribute('aria-selected', 'true');
  await expect.element(item(/^With crackle.*, Mask, generating$/u)).toHaveAttribute('aria-level', '3');
  await expect.element(item(/^Next, not sent$/u)).toBeVisible();
});

test('arrow keys move the focus through the tree, Enter opens, C compares; unsent nodes do not open', async () => {
  const { opened, compared } = await mount();
  const stops = () =>
    page
      .getByRole('treeitem')
      .elements()
      .filter((element) => (element as HTMLElement).tabIndex === 0);
  expect(stops().map((element) => element.textContent.trim())).toEqual([expect.stringContaining('Celadon')]);
  (stops()[0] as HTMLElement).focus();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(item(/^Terracotta/u)).toHaveFocus();
  await userEvent.keyboard('{Enter}c');
  expect(opened.map(({ id }) => id)).toEqual([nodeId(200)]);
  expect(compared.map(({ id }) => id)).toEqual([nodeId(200)]);
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(item(/^Next/u)).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect(opened).toHaveLength(1);
  await userEvent.keyboard('{Home}');
  await expect.element(item(/^Original/u)).toHaveFocus();
  expect(stops()).toHaveLength(1);
});

test('focus shows what a request changed in the prompt and the parameters; Escape hides it', async () => {
  const base = finished(canvasJob(1, { from: ROOT, prompt: 'Celadon glaze', size: '1536x1024' }));
  const next = finished(canvasJob(3, { from: nodeId(100), prompt: 'Celadon glaze with crackle', size: '3072x2048' }));
  await mount([base, next]);
  await expect.element(item(/^With crackle/u)).toBeVisible();
  item(/^With crackle/u)
    .element()
    .focus();
  await userEvent.keyboard('{ArrowLeft}{ArrowRight}');
  const card = page.getByRole('tooltip');
  await expect.element(card).toBeVisible();
  await expect.element(card.getByText('with crackle', { exact: true })).toBeVisible();
  await expect.poll(() => card.element().textContent).toMatch(/Size\s*1536 × 1024\s*→\s*3072 × 2048/u);
  expect(card.element().textContent).not.toContain('Model');
  await userEvent.keyboard('{Escape}');
  await expect.element(card).not.toBeInTheDocument();
});

test('of hundreds of steps only those in view are rendered, and the current one is scrolled into view', async () => {
  const jobs = Array.from({ length: 300 }, (_, index) =>
    finished(canvasJob(index + 1, { from: index === 0 ? ROOT : nodeId(index * 100) })),
  );
  const { container, rerender } = await mount(jobs, nodeId(30_000));
  await expect.element(item(/on the stage$/u)).toBeInViewport();
  expect(container.querySelectorAll('.node').length).toBeLessThan(20);
  await rerender({ current: ROOT });
  await expect.element(item(/^Original/u)).toBeInViewport();
});

test('it can be hidden', async () => {
  await mount();
  await page.getByRole('button', { name: 'Hide steps' }).click();
  await expect.element(page.getByRole('tree')).not.toBeInTheDocument();
  await page.getByRole('button', { name: 'Show steps' }).click();
  await expect.element(page.getByRole('tree')).toBeVisible();
});

test('the server’s response to the step on the stage is one click away', async () => {
  const heads = [{ generationId: JOBS[0]?.generations[0]?.id, state: 'done', status: 200, requestId: null }];
  const { studio, calls } = scriptedStudio({
    'jobs.listResponses': () => heads,
    'library.response': () => ({ documents: [{ ok: 'kept' }] }),
  });
  await mount(JOBS, nodeId(100), studio);
  await page.getByRole('button', { name: 'Show response' }).click();
  await expect.element(page.getByRole('dialog').getByText(/"ok": "kept"/u)).toBeVisible();
  expect(calls[0]).toEqual({ endpoint: 'jobs.listResponses', payload: { jobId: JOBS[0]?.id } });
});
