import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ImageRecord } from '../../../../electron/contract/entities/image-records.ts';
import { watchCopies } from '../../shared/watch-copies.ts';
import { mountView } from '../../state/mounted-view.ts';
import { image, scriptedStudio, uuid, viewsOf } from '../../state/scripted-studio.ts';
import { imageRecord, WITH_IMAGES } from '../image-record.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});

const studioOf = (record: ImageRecord, more: Parameters<typeof scriptedStudio>[0] = {}) =>
  scriptedStudio({
    ...viewsOf([image(3), record, image(1)]),
    'library.image': () => record,
    'library.response': () => ({ documents: [] }),
    ...more,
  });
const stage = (container: HTMLElement) =>
  container.querySelector<HTMLImageElement>('.stage img:last-of-type')?.src ?? '';

/** What the host answers to `fetch`, for the length of a test. */
function answerFetch(answer: (address: string) => Response) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address);
    return Promise.resolve(answer(address));
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  return asked;
}

const record = imageRecord(2);
const { generationId } = record;
const at = record.generation.sentAt ?? 0;
const partials = [12, 25, 38].map((seconds, index) => ({
  generationId,
  index,
  arrivedAt: at + seconds * 1000,
  bytes: 1,
}));

test('partials are in order with their times, the final image last; arrow keys move through them', async () => {
  const { container, route } = await mountView(
    'viewer',
    studioOf(imageRecord(2, {}, { partials })),
    uuid(2),
    WITH_IMAGES,
  );
  await page.getByRole('tab', { name: 'Partials 3' }).click();
  const names = () =>
    page
      .getByRole('toolbar')
      .getByRole('button')
      .elements()
      .map((button) => button.getAttribute('aria-label'));
  await expect
    .poll(names)
    .toEqual([
      'Partial 1 of 3, after 0:12',
      'Partial 2 of 3, after 0:25',
      'Partial 3 of 3, after 0:38',
      'Final image, after 1:02',
    ]);
  await page.getByRole('button', { name: /^Partial 2 of 3/u }).click();
  await expect.poll(() => stage(container)).toContain(`/partial/${uuid(2)}/1`);
  await userEvent.keyboard('{ArrowRight}');
  await expect.poll(() => stage(container)).toContain(`/partial/${uuid(2)}/2`);
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(page.getByRole('button', { name: /^Final image/u })).toHaveFocus();
  await expect.poll(() => stage(container)).not.toContain('/partial/');
  await userEvent.keyboard('{ArrowRight}{ArrowLeft}');
  await expect.element(page.getByRole('button', { name: /^Partial 3 of 3/u })).toHaveFocus();
  expect(route.imageId).toBe(uuid(2));
});

const documents = [
  { type: 'image_generation.partial_image', b64_json: { bytes: 12, sha256: 'ab' } },
  { type: 'image_generation.completed', usage: { total_tokens: 7458, Tokens: 'x' } },
];

test('the response can be read by event, searched, collapsed and copied', async () => {
  const script = studioOf(record, { 'library.response': () => ({ documents }) });
  await mountView('viewer', script, uuid(2));
  await page.getByRole('tab', { name: 'Response' }).click();
  await expect.element(page.getByText(/without image data/u)).toBeVisible();
  const text = page.getByRole('region', { name: 'Server response' });
  await expect.element(text.getByText('2 of 2 · image_generation.completed')).toBeVisible();
  await expect.element(text.getByText(/"total_tokens": 7458/u)).toBeVisible();

  await page.getByRole('searchbox', { name: 'Search response' }).fill('TOKENS');
  await expect.element(page.getByText('1 of 2', { exact: true })).toBeVisible();
  const current = () => [...document.querySelectorAll('mark')].findIndex((mark) => mark.classList.contains('current'));
  await expect.poll(current).toBe(0);
  await userEvent.keyboard('{Enter}');
  await expect.poll(current).toBe(1);
  await userEvent.keyboard('{Enter}');
  await expect.poll(current).toBe(0);
  await userEvent.keyboard('{Shift>}{Enter}{/Shift}');
  await expect.element(page.getByText('2 of 2', { exact: true })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search response' }).fill('zebra');
  await expect.element(page.getByText('No matches', { exact: true })).toBeVisible();
  expect(document.documentElement.scrollTop + document.body.scrollTop).toBe(0);

  const copies = watchCopies();
  await page.getByRole('button', { name: 'Copy response' }).click();
  await expect.element(page.getByRole('status').getByText('Copied')).toBeInTheDocument();
  expect(copies().map((text) => JSON.parse(text) as unknown)).toEqual([documents]);
});

test('markup in a response is shown as text', async () => {
  const script = studioOf(record, {
    'library.response': () => ({ documents: [{ a: '<img src=x onerror=alert(1)><b>' }] }),
  });
  await mountView('viewer', script, uuid(2));
  await page.getByRole('tab', { name: 'Response' }).click();
  const text = page.getByRole('region', { name: 'Server response' });
  await expect.element(text.getByText(/<img src=x onerror=alert\(1\)><b>/u)).toBeVisible();
  expect(text.element().querySelector('img, b')).toBeNull();
});

test('a response that was not stored says so, and one that cannot be read says why', async () => {
  await mountView('viewer', studioOf(record), uuid(2));
  await page.getByRole('tab', { name: 'Response' }).click();
  await expect.element(page.getByText(/^No response stored/u)).toBeVisible();
  const refusal = { code: 'library-damaged', message: 'The library’s database is damaged.', billing: 'none' };
  await mountView('viewer', studioOf(record, { 'library.response': () => ({ refusal }) }), uuid(2));
  await page.getByRole('tab', { name: 'Response' }).last().click();
  await expect.element(page.getByRole('alert').getByText(refusal.message)).toBeVisible();
});

const drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>window.ran = true</script><circle r="9"/></svg>';
const svg = imageRecord(2, { format: 'svg' });

test('an SVG is shown as an image and its source as text; neither becomes part of the page', async () => {
  const script = studioOf(svg, { 'library.svgSource': () => ({ text: drawing, cut: true }) });
  const { container } = await mountView('viewer', script, uuid(2));
  await page.getByRole('tab', { name: 'Source' }).click();
  const source = page.getByRole('region', { name: 'SVG source' });
  await expect.element(source).toHaveTextContent(drawing);
  await expect.element(page.getByText(/^Beginning of the file/u)).toBeVisible();
  await expect
    .element(page.getByRole('link', { name: 'Download SVG' }))
    .toHaveAttribute('download', expect.stringMatching(/^2\d{3}-\d\d-\d\d .+\.svg$/u));
  expect(container.querySelector('svg:not(.lucide), svg script, iframe, object, embed')).toBeNull();
  expect(Object.hasOwn(window, 'ran')).toBe(false);
});

test('only an SVG has a source tab', async () => {
  await mountView('viewer', studioOf(record), uuid(2));
  await expect.element(page.getByRole('tab', { name: 'Response' })).toBeVisible();
  expect(page.getByRole('tab', { name: 'Source' }).elements()).toEqual([]);
});

test('“Save as PNG” downloads the rendered file or shows the host’s message', async () => {
  let status = 200;
  const sentence = 'This drawing could take very long to render, so Emulsion does not.';
  const asked = answerFetch(() => new Response(status === 200 ? new Blob(['png']) : sentence, { status }));
  const saved: string[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  onTestFinished(() => {
    click.mockRestore();
  });
  const script = studioOf(svg, { 'library.svgSource': () => ({ text: drawing, cut: false }) });
  await mountView('viewer', script, uuid(2));
  await page.getByRole('tab', { name: 'Source' }).click();
  const button = page.getByRole('button', { name: 'Save as PNG' });
  await button.click();
  await expect.poll(() => saved).toEqual([expect.stringMatching(/^2\d{3}-\d\d-\d\d .+\.png$/u)]);
  expect(asked).toContain(`/images/png/${uuid(2)}`);
  status = 422;
  await button.click();
  await expect.element(page.getByRole('alert').getByText(sentence)).toBeVisible();
  expect(saved).toHaveLength(1);
});

test('an animation plays and pauses on request', async () => {
  const { container } = await mountView('viewer', studioOf(imageRecord(2, { format: 'gif' })), uuid(2), WITH_IMAGES);
  await expect.poll(() => stage(container)).toContain(`/png/${uuid(2)}`);
  await page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(() => stage(container)).toContain(`/original/${uuid(2)}`);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => stage(container)).toContain(`/png/${uuid(2)}`);
  (document.activeElement as HTMLElement | null)?.blur();
  await userEvent.keyboard(' ');
  await expect.poll(() => stage(container)).toContain(`/original/${uuid(2)}`);
});
