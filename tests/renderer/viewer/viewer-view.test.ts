import axe from 'axe-core';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ImageFlaw } from '../../../electron/contract/entities/image-flaws.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { watchCopies } from '../shared/watch-copies.ts';
import { mountView } from '../state/mounted-view.ts';
import { image, scriptedStudio, uuid, viewsOf } from '../state/scripted-studio.ts';
import { imageRecord } from './image-record.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});

const three = [image(3), image(2), image(1)];
const library = (change: Parameters<typeof scriptedStudio>[0] = {}) =>
  scriptedStudio({
    ...viewsOf(three),
    'library.image': ({ imageId }: { imageId: ImageId }) => imageRecord(Number(imageId.slice(-3))),
    ...change,
  });
const record = () => page.getByRole('complementary', { name: 'Record' });

test('an image is shown with its record', async () => {
  await mountView('viewer', library(), uuid(2));
  await expect.element(record().getByText('Image 2')).toBeVisible();
  await expect.element(record().getByText('gpt-image-2.6-sunburst')).toBeVisible();
  await expect.element(record().getByText(/^req_/u)).toBeVisible();
  await expect.element(page.getByText('2 of 3')).toBeVisible();
});

test('an existing original can be downloaded; the check bypasses the browser’s cache', async () => {
  const host = vi.fn((_address: string, _options: RequestInit) => Promise.resolve(new Response(null)));
  vi.stubGlobal('fetch', host);
  onTestFinished(() => void vi.unstubAllGlobals());
  await mountView('viewer', library(), uuid(2));
  await expect.element(record().getByRole('link', { name: 'Download original' })).toHaveAttribute('download');
  await expect.element(page.getByText(/not in the library folder/u)).not.toBeInTheDocument();
  await expect
    .poll(() => host.mock.calls)
    .toContainEqual([`/images/original/${uuid(2)}`, { method: 'HEAD', cache: 'no-store' }]);
});

test('“Copy prompt” puts the prompt on the clipboard as it was written', async () => {
  const prompt = 'Two pears,  “ripe”,\non a limewashed table';
  const script = library({ 'library.image': () => imageRecord(2, {}, { parameters: { prompt } }) });
  await mountView('viewer', script, uuid(2));
  const copies = watchCopies();
  await record().getByRole('button', { name: 'Copy prompt' }).click();
  await expect.element(record().getByRole('status').getByText('Copied')).toBeInTheDocument();
  expect(copies()).toEqual([prompt]);
});

test('arrow keys move through the gallery, Escape goes back', async () => {
  const { route } = await mountView('viewer', library(), uuid(2));
  await expect.element(record().getByText('Image 2')).toBeVisible();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(record().getByText('Image 1')).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Next image' })).toBeDisabled();
  await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
  await expect.element(record().getByText('Image 3')).toBeVisible();
  // Escape undoes one step at a time, and a slow image may not be fitted to the window yet.
  const leave = async () => {
    await userEvent.keyboard('{Escape}');
    return route.view;
  };
  await expect.poll(leave).toBe('library');
});

test('a late record of an image that was left is ignored', async () => {
  let release: (() => void) | undefined;
  const script = library({
    'library.image': async ({ imageId }: { imageId: ImageId }) => {
      if (imageId === uuid(2)) await new Promise<void>((done) => (release = done));
      return imageRecord(Number(imageId.slice(-3)));
    },
  });
  await mountView('viewer', script, uuid(2));
  await expect.poll(() => release).toBeDefined();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(record().getByText('Image 1')).toBeVisible();
  release?.();
  await expect.element(record().getByText('Image 1')).toBeVisible();
  await expect.element(record().getByText('Image 2')).not.toBeInTheDocument();
});

test('“Reuse” loads every parameter into Create and keeps the previous draft', async () => {
  const parameters = {
    prompt: 'Two pears',
    model: 'gpt-image-2',
    size: '2048x2048',
    quality: 'high' as const,
    n: 1,
    stream: true,
    partial_images: 1,
    user: 'me',
  };
  const siblings = [image(2), image(4), image(5)];
  const script = library({ 'library.image': () => imageRecord(2, { siblings }, { parameters }) });
  const { state, route } = await mountView('viewer', script, uuid(2));
  state.draft.form.prompt = 'My own words';
  await page.getByRole('button', { name: 'Reuse' }).click();
  expect(route.view).toBe('create');
  expect(state.draft.form).toMatchObject({
    prompt: 'Two pears',
    model: 'gpt-image-2',
    size: '2048x2048',
    quality: 'high',
    count: 3,
    partials: 1,
    user: 'me',
  });
  state.draft.restore();
  expect(state.draft.form.prompt).toBe('My own words');
});

test('partial images can be previewed; Escape returns to the image first', async () => {
  const { route } = await mountView('viewer', library(), uuid(2));
  await page.getByRole('tab', { name: 'Partials 1' }).click();
  const partial = page.getByRole('button', { name: /^Partial 1 of 1/u });
  await partial.click();
  await expect.element(partial).toHaveAttribute('aria-pressed', 'true');
  await userEvent.keyboard('{Escape}');
  await expect.element(partial).toHaveAttribute('aria-pressed', 'false');
  expect(route.view).toBe('viewer');
});

test('zooms with the keys, buttons, wheel and drag of the canvas; Escape fits the image first', async () => {
  const { route, container } = await mountView('viewer', library(), uuid(2));
  const zoom = page.getByRole('group', { name: 'Zoom' });
  const box = () => container.querySelector('.stage .content')?.getBoundingClientRect() ?? new DOMRect();
  await expect.poll(() => box().width).toBeGreaterThan(100);
  const fitted = box();
  await userEvent.keyboard(' ');
  await expect.element(zoom.getByRole('button', { name: '100%, zoom to 100%' })).toBeVisible();
  await userEvent.keyboard('++-');
  await expect.element(zoom.getByRole('button', { name: '150%, zoom to 100%' })).toBeVisible();
  await zoom.getByRole('button', { name: 'Zoom in' }).click();
  await expect.element(zoom.getByRole('button', { name: '200%, zoom to 100%' })).toBeVisible();
  const view = container.querySelector('.stage .pane');
  const middle = { clientX: fitted.x + fitted.width / 2, clientY: fitted.y + fitted.height / 2 };
  const before = box();
  view?.dispatchEvent(new WheelEvent('wheel', { deltaX: 30, deltaY: 20, cancelable: true, bubbles: true, ...middle }));
  await expect.poll(() => Math.round(before.x - box().x)).toBe(30);
  expect(Math.round(before.y - box().y)).toBe(20);
  view?.dispatchEvent(
    new WheelEvent('wheel', { deltaY: -20, ctrlKey: true, cancelable: true, bubbles: true, ...middle }),
  );
  await expect.poll(() => box().width).toBeGreaterThan(before.width);
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => box()).toEqual(fitted);
  expect(route.view).toBe('viewer');
});

test('a missing file is reported once and not offered for download; its record stays', async () => {
  // The page's own server has no images: it answers 404, as a host does.
  await mountView('viewer', library(), uuid(1));
  await expect.element(page.getByText(/^File not found in the library folder\./u)).toBeVisible();
  expect(page.getByText(/File not found in the library folder/u).elements().length).toBe(1);
  await expect.element(record().getByText('Not in the library folder')).toBeVisible();
  const download = record().getByRole('button', { name: 'Download original' });
  await expect.element(download).toBeDisabled();
  await expect.element(download).toHaveAttribute('title', 'File not found in the library folder');
  await expect.element(record().getByText('Image 1')).toBeVisible();
});

test('an image that is not in the library says so and links to the library', async () => {
  const refusal = { code: 'not-found', message: 'This image is not in the library.', billing: 'none' };
  const { route } = await mountView('viewer', library({ 'library.image': () => ({ refusal }) }), uuid(9));
  await expect.element(page.getByRole('alert').getByText('This image is not in the library.')).toBeVisible();
  await page.getByRole('button', { name: 'Go to library' }).click();
  expect(route.view).toBe('library');
});

describe('an image without thumbnail', () => {
  beforeEach(() => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(null)));
    return () => {
      vi.unstubAllGlobals();
      document.documentElement.removeAttribute('data-theme');
    };
  });
  const note = () => page.getByRole('status').filter({ hasText: /is damaged|has no preview|preview again/u });
  const tryAgain = () => page.getByRole('button', { name: 'Try again', exact: true });

  test.each(['light', 'dark'])(
    'is tried again by keyboard; when it succeeds, it is shown without a reload: %s',
    async (theme) => {
      document.documentElement.dataset.theme = theme;
      let fixed = false;
      const release = Promise.withResolvers<null>();
      const now = () => ({ ...image(2), ...(fixed ? {} : { flaw: 'decoder-failed' as const, thumbhash: null }) });
      const script = library({
        'library.image': () => ({ ...imageRecord(2), ...now() }),
        'library.retryThumbnail': async () => {
          await release.promise;
          fixed = true;
          return now();
        },
      });
      await mountView('viewer', script, uuid(2));
      await expect.element(note().filter({ hasText: 'opening it failed twice' })).toBeVisible();
      await expect.element(tryAgain()).toHaveAccessibleDescription(/opening it failed twice/u);
      expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
      tryAgain().element().focus();
      await userEvent.keyboard('{Enter}{Enter}');
      await expect.element(note().filter({ hasText: 'Making a preview again…' })).toBeVisible();
      release.resolve(null);
      await expect.element(tryAgain()).not.toBeInTheDocument();
      await expect.element(note()).not.toBeInTheDocument();
      expect(script.calls.filter(({ endpoint }) => endpoint === 'library.retryThumbnail')).toHaveLength(1);
      await expect.poll(() => document.activeElement?.className).toContain('pane');
    },
  );

  test('says so again if it is truly damaged', async () => {
    const flaw: ImageFlaw = 'truncated';
    const script = library({
      'library.image': () => ({ ...imageRecord(2), flaw, thumbhash: null }),
      'library.retryThumbnail': () => ({ ...image(2), flaw, thumbhash: null }),
    });
    await mountView('viewer', script, uuid(2));
    await tryAgain().click();
    await expect.element(note().filter({ hasText: /Tried again\. This image is damaged: the end/u })).toBeVisible();
    await expect.element(tryAgain()).toBeVisible();
  });
});
