import axe from 'axe-core';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { GridImage } from '../../../../electron/contract/entities/views.ts';
import '../../../../renderer/app.css';
import ImagePickerHost from '../../../../renderer/library/picker/ImagePickerHost.svelte';
import { Route } from '../../../../renderer/page/route.svelte.ts';
import type { PickerRequest } from '../../../../renderer/state/image-picker.svelte.ts';
import { StudioState } from '../../../../renderer/state/studio-state.svelte.ts';
import { renderInApp } from '../../state/render-in-app.ts';
import { uuid, type ScriptedStudio } from '../../state/scripted-studio.ts';
import { cell, indexOf } from '../grid/scripted-index.ts';

const SOME: PickerRequest = { title: 'Add images from the library', max: 3 };
const ONE: PickerRequest = { title: 'Compare with', max: 1, confirm: 'Compare' };

const dialog = () => page.getByRole('dialog');
const search = () => dialog().getByRole('combobox', { name: 'Search' });
const add = (images: string) => dialog().getByRole('button', { name: `Add ${images}`, exact: true });
const selected = () =>
  [...document.querySelectorAll('[role="gridcell"][aria-selected="true"]')].map((each) =>
    each.getAttribute('aria-label')?.split(',')[0]?.replace('Image ', ''),
  );
/** Numbers of the chosen images, as they are spoken. */
const numbers = () =>
  Object.fromEntries(
    [...document.querySelectorAll('[role="gridcell"]')].flatMap((each) => {
      const [, image, order] = /^Image (\d+),.*, number (\d+)$/u.exec(each.getAttribute('aria-label') ?? '') ?? [];
      return image === undefined || order === undefined ? [] : [[image, Number(order)]];
    }),
  );

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1200, 800);
});

/** The picker of a library of so many images, asked for something. */
async function openPicker(
  request: PickerRequest,
  total = 5000,
  change: (script: ScriptedStudio) => void = () => undefined,
) {
  const { script, shape, grow } = indexOf(total);
  change(script);
  const mirror = new StudioState(script.studio, shape);
  onTestFinished(() => mirror.stop());
  await mirror.start();
  const route = new Route();
  await renderInApp(ImagePickerHost, { studio: script.studio, mirror, route }, {});
  let ids: readonly string[] | null = null;
  const open = () => void mirror.picker.choose(request).then((chosen) => (ids = chosen));
  open();
  if (total > 0) await expect.element(cell(total)).toBeVisible();
  return { mirror, route, script, grow, open, chosen: () => ids?.map((id) => Number(id.slice(-12))) ?? null };
}

test('images are chosen in order, up to the limit, and given back by Add', async () => {
  const { chosen } = await openPicker(SOME);
  await expect.element(search()).toHaveFocus();
  await expect.element(add('1 image')).toBeDisabled();
  for (const number of [4999, 5000, 4998]) await cell(number).click();
  await expect.poll(numbers).toEqual({ 4999: 1, 5000: 2, 4998: 3 });
  await expect.element(dialog().getByText('The limit is 3.')).toBeVisible();
  await cell(4997).click();
  expect(selected()).toEqual(['5000', '4999', '4998']);
  const { violations } = await axe.run(document.body);
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await cell(5000).click();
  await expect.poll(numbers).toEqual({ 4999: 1, 4998: 2 });
  await add('2 images').click();
  await expect.element(dialog()).not.toBeInTheDocument();
  expect(chosen()).toEqual([4999, 4998]);
});

test('every image can be reached by keys', async () => {
  const { chosen } = await openPicker(SOME);
  await cell(5000).click();
  await userEvent.keyboard('{End}');
  await expect.element(cell(1)).toHaveFocus();
  await userEvent.keyboard(' {Home}');
  await expect.element(cell(5000)).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}{Enter}');
  await expect.element(add('3 images')).toBeVisible();
  await userEvent.keyboard('{ControlOrMeta>}{Enter}{/ControlOrMeta}');
  await expect.poll(chosen).toEqual([5000, 1, 4999]);
});

test('where one is chosen another replaces it, and a double click gives it', async () => {
  const { chosen, open } = await openPicker(ONE);
  await expect.element(page.getByRole('grid')).toHaveAttribute('aria-multiselectable', 'false');
  await cell(5000).click();
  await cell(4998).click();
  expect(selected()).toEqual(['4998']);
  await dialog().getByRole('button', { name: 'Compare' }).click();
  await expect.poll(chosen).toEqual([4998]);
  open();
  await cell(4999).dblClick();
  await expect.poll(chosen).toEqual([4999]);
});

test('it is searched as the library is, with a question of its own; what was chosen stays', async () => {
  const asked: unknown[] = [];
  const { mirror, chosen } = await openPicker(SOME, 5000, (script) => {
    const ask = script.answers['views.ask'] as (payload: unknown) => object;
    script.answers['views.ask'] = (payload: { question: { query: string } }) => {
      asked.push(payload.question.query);
      return payload.question.query === '' ? ask(payload) : { ...ask(payload), total: 12 };
    };
  });
  await cell(5000).click();
  await userEvent.keyboard('{ControlOrMeta>}f{/ControlOrMeta}');
  await expect.element(search()).toHaveFocus();
  await search().fill('rating:>=4');
  await expect.poll(() => asked.at(-1)).toBe('rating:>=4');
  await expect.element(dialog().getByText('12 of 5,000')).toBeVisible();
  expect(mirror.library.question.text).toBe('');
  await cell(4999).click();
  await add('2 images').click();
  await expect.poll(chosen).toEqual([5000, 4999]);
  const questions = Object.keys(localStorage).filter((key) => key.startsWith('emulsion.question.'));
  expect(questions.map((key) => localStorage.getItem(key)).join()).not.toContain('rating');
});

test('Escape leaves it with nothing, and so does another view', async () => {
  const { chosen, open, route } = await openPicker(SOME);
  await cell(5000).click();
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog()).not.toBeInTheDocument();
  expect(chosen()).toEqual([]);
  open();
  await cell(4999).click();
  route.go('activity');
  await expect.element(dialog()).not.toBeInTheDocument();
  expect(chosen()).toEqual([]);
});

test('Escape clears the search first', async () => {
  const { chosen } = await openPicker(SOME);
  await search().fill('lighthouse');
  await userEvent.keyboard('{Escape}');
  await expect.element(search()).toHaveValue('');
  await expect.element(dialog()).toBeVisible();
  expect(chosen()).toBeNull();
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog()).not.toBeInTheDocument();
  expect(chosen()).toEqual([]);
});

test('images that arrive meanwhile leave the keys at their image', async () => {
  const { grow, chosen } = await openPicker(SOME);
  await cell(4998).click();
  grow(3);
  await expect.element(cell(5003)).toBeVisible();
  await expect.element(cell(4998)).toHaveFocus();
  await expect
    .poll(async () => {
      await userEvent.keyboard('{ArrowRight}');
      return document.activeElement?.getAttribute('aria-label')?.split(',')[0];
    })
    .toMatch(/^Image 49\d\d$/u);
  await add('1 image').click();
  await expect.poll(chosen).toEqual([4998]);
});

test('a damaged image, and the one that is compared, can’t be chosen', async () => {
  const { chosen } = await openPicker({ ...ONE, without: uuid(4999) as GridImage['id'] }, 5000, (script) => {
    const rows = script.answers['views.rows'] as (payload: unknown) => GridImage[];
    script.answers['views.rows'] = (payload: unknown) =>
      rows(payload).map((row) => (row.id === uuid(5000) ? { ...row, flaw: 'truncated' } : row));
  });
  for (const number of [5000, 4999]) {
    await expect.element(cell(number)).toHaveAttribute('aria-disabled', 'true');
    cell(number)
      .element()
      .dispatchEvent(new MouseEvent('click', { bubbles: true }));
  }
  expect(selected()).toEqual([]);
  await cell(4998).click();
  await dialog().getByRole('button', { name: 'Compare' }).click();
  await expect.poll(chosen).toEqual([4998]);
});

test('a library without images, and a search that finds none, say so', async () => {
  const { script } = await openPicker(SOME, 0);
  await expect.element(dialog().getByText('No images in the library yet.')).toBeVisible();
  expect(script.calls.some(({ endpoint }) => endpoint === 'views.ask')).toBe(true);
  await search().fill('zebra');
  await expect.element(dialog().getByRole('heading', { name: 'No images match' })).toBeVisible();
});
