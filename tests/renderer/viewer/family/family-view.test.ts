import axe from 'axe-core';
import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Family } from '../../../../electron/contract/entities/views.ts';
import { mountView } from '../../state/mounted-view.ts';
import { image, scriptedStudio, uuid, viewsOf } from '../../state/scripted-studio.ts';
import { imageRecord, WITH_IMAGES } from '../image-record.ts';
import { family, imageId, member } from './family-members.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});

const STILL = 'A stoneware bottle on a limewashed table';
/** 1 → 2 (edit) → 3 (from a canvas draft), and 4, which repeats 1 with another model. */
const SMALL = family(
  member(1, [], { prompt: STILL }),
  member(2, [1], { prompt: `${STILL} at dusk` }),
  member(3, [{ from: imageId(2), kind: 'draft' }], { prompt: `${STILL} at dusk, a red glass` }),
  member(4, [{ from: imageId(1), kind: 'repeat' }], { prompt: STILL }),
);
/** One image with 199 that were made from it. */
const LARGE = family(member(1), ...Array.from({ length: 199 }, (_, at) => member(at + 2, [1])));

async function openViewer(relatives: Family, at: number) {
  const script = scriptedStudio({
    ...viewsOf([image(2), image(1)]),
    'library.image': ({ imageId: id }: { imageId: string }) => imageRecord(Number(id.slice(-3))),
    'library.family': () => relatives,
  });
  const mounted = await mountView('viewer', script, uuid(at), WITH_IMAGES);
  await expect.element(tree()).toBeVisible();
  return mounted;
}

const tree = () => page.getByRole('tree', { name: 'Family' });
const item = (name: RegExp) => tree().getByRole('treeitem', { name });
const dialog = () => page.getByRole('dialog', { name: 'Family' });
const names = (scope = tree()) =>
  scope
    .getByRole('treeitem')
    .elements()
    .map((element) => element.getAttribute('aria-label'));

test('lineage goes both ways, over drafts and reruns, and each image says what it was made from', async () => {
  await openViewer(SMALL, 2);
  expect(names()).toEqual([
    expect.stringMatching(/^A stoneware bottle.*, Create · /u),
    expect.stringMatching(/made from A stoneware bottle.*, added at dusk, this image$/u),
    expect.stringMatching(/made on the canvas from .*, added a red glass$/u),
    expect.stringMatching(/same request as .*gpt-image-2.6-sunburst$/u),
  ]);
  await expect.element(item(/this image$/u)).toHaveAttribute('aria-selected', 'true');
  await expect.element(item(/this image$/u)).toHaveAttribute('aria-level', '2');
});

test('arrows walk, Enter opens, and Alt with an arrow walks from the stage', async () => {
  const { route } = await openViewer(SMALL, 2);
  await userEvent.click(page.getByRole('tab', { name: /^Family/u }));
  (item(/this image$/u).element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(item(/red glass$/u)).toHaveFocus();
  await userEvent.keyboard('{Home}');
  await expect.element(item(/Create · /u)).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}{ArrowDown}');
  await expect.element(item(/same request as/u)).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => route.imageId).toBe(uuid(4));
  await userEvent.keyboard('{Alt>}{ArrowLeft}{/Alt}');
  await expect.poll(() => route.imageId).toBe(uuid(1));
});

test('an edge and a node show the whole difference, with the words that changed', async () => {
  await openViewer(SMALL, 1);
  await userEvent.hover(item(/at dusk$/u));
  const card = page.getByRole('tooltip');
  await expect.element(card).toBeVisible();
  expect(card.element().querySelector('ins')?.textContent.trim()).toBe('at dusk');
  await userEvent.unhover(item(/at dusk$/u));
  await expect.element(card).not.toBeInTheDocument();
  const edge = tree().element().querySelector('.reach');
  if (edge === null) throw new Error('The tree has no edges.');
  edge.dispatchEvent(new PointerEvent('pointerenter'));
  await expect.element(card).toBeVisible();
});

test('two hundred are folded; the fold opens in place and keeps the focus', async () => {
  await openViewer(LARGE, 1);
  expect(names()).toHaveLength(7);
  const fold = item(/^Show 194 more images$/u);
  await fold.click();
  await expect.poll(() => names().length).toBe(200);
  await expect.poll(() => document.activeElement?.getAttribute('aria-posinset')).toBe('6');
  const thumbnails = [...tree().element().querySelectorAll('img')];
  // Those far below the window wait until it comes near.
  expect(thumbnails.at(-1)?.complete).toBe(false);
});

test('the full view shows the same tree, is named, keeps the focus inside, and opens an image', async () => {
  const { route } = await openViewer(SMALL, 2);
  await page.getByRole('button', { name: 'Open family' }).click();
  await expect.element(dialog()).toBeVisible();
  await expect.element(dialog().getByText('4 images')).toBeVisible();
  const shown = dialog().getByRole('treeitem');
  expect(shown.elements()).toHaveLength(4);
  // The change is spoken in words, “added” and “to”, where the screen has signs.
  const rules = { 'label-content-name-mismatch': { enabled: false } };
  const { violations } = await axe.run(dialog().element(), { rules });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await userEvent.keyboard('1');
  await expect.element(dialog().getByRole('button', { name: '100%, zoom to 100%' })).toBeVisible();
  await dialog()
    .getByRole('treeitem', { name: /red glass$/u })
    .click();
  await expect.poll(() => route.imageId).toBe(uuid(3));
  await expect.element(dialog()).not.toBeInTheDocument();
});

test('Escape closes the full view and stays in the viewer', async () => {
  const { route } = await openViewer(SMALL, 2);
  await page.getByRole('button', { name: 'Open family' }).click();
  await expect.element(dialog()).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog()).not.toBeInTheDocument();
  expect([route.view, route.imageId]).toEqual(['viewer', uuid(2)]);
  await expect.element(page.getByRole('button', { name: 'Open family' })).toHaveFocus();
});

test('a family that couldn’t be read says so and can be read again', async () => {
  let broken = true;
  const script = scriptedStudio({
    ...viewsOf([image(2)]),
    'library.image': () => imageRecord(2),
    'library.family': () =>
      broken ? { refusal: { code: 'internal', message: 'The family can’t be read.', billing: 'none' } } : SMALL,
  });
  localStorage.setItem('emulsion.viewer-panel', JSON.stringify({ open: true, tab: 'family' }));
  await mountView('viewer', script, uuid(2), WITH_IMAGES);
  await expect.element(page.getByText(/^The family can’t be read\./u)).toBeVisible();
  // Not before: the view may ask once more by itself.
  document.addEventListener('click', () => (broken = false), { capture: true, once: true });
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect.element(tree()).toBeVisible();
});
