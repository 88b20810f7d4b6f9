import axe from 'axe-core';
import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Change, Edit } from '../../../electron/contract/entities/changes.ts';
import type { ChangeId } from '../../../electron/contract/entities/ids.ts';
import { Route } from '../../../renderer/page/route.svelte.ts';
import CullingView from '../../../renderer/culling/CullingView.svelte';
import { mountView } from '../state/mounted-view.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { image, scriptedStudio, uuid, viewsOf } from '../state/scripted-studio.ts';
import { doneChange, WITH_IMAGES } from '../viewer/image-record.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});

/** Newest first. */
const images = [5, 4, 3, 2, 1].map((number) => image(number));

/** Culling of five images, opened at one of them; `edits` are those that were stored. */
async function openCulling(at: string | null = null) {
  const edits: { image: string | undefined; edit: Edit }[] = [];
  const changes = new Map<ChangeId, Change>();
  const script = scriptedStudio({
    ...viewsOf(images),
    'changes.apply'({ id, selection, edit }: { id: ChangeId; selection: { imageIds: string[] }; edit: Edit }) {
      edits.push({ image: selection.imageIds[0], edit });
      changes.set(id, doneChange(id, edit));
      return changes.get(id);
    },
    'changes.undo': ({ id }: { id: ChangeId }) => ({ ...changes.get(id), state: 'undone' }),
  });
  const mounted = await mountView('cull', script, at, WITH_IMAGES);
  await expect.poll(() => heading().element().textContent.trim()).toMatch(/^\d of 5$/u);
  return { ...mounted, script, edits };
}

const culling = () => page.getByRole('main', { name: 'Culling' });
const heading = () => culling().getByRole('heading', { level: 1 });
const star = (name: string) =>
  culling().getByRole('group', { name: 'Rating' }).getByRole('button', { name, exact: true });
const tally = () => culling().getByText(/kept · /u);

/** Resolves when the next frame has been painted. */
const nextFrame = () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));

test('keys rate, favour and reject, and the next image follows', async () => {
  const { edits } = await openCulling();
  await userEvent.keyboard('4');
  await expect.element(heading()).toHaveTextContent('2 of 5');
  await userEvent.keyboard('f');
  await userEvent.keyboard('x');
  await expect.element(heading()).toHaveTextContent('4 of 5');
  await expect.element(tally()).toHaveTextContent('2 kept · 1 rejected');
  await expect
    .poll(() => edits)
    .toEqual([
      { image: uuid(5), edit: { kind: 'rate', rating: 4 } },
      { image: uuid(4), edit: { kind: 'favourite', on: true } },
      { image: uuid(3), edit: { kind: 'reject', on: true } },
    ]);
});

test('a rating is on the screen in the next frame, however long it takes to be stored', async () => {
  const { script } = await openCulling();
  await page.getByRole('switch', { name: 'Auto-advance' }).click();
  script.answers['changes.apply'] = () => new Promise(() => undefined);
  await userEvent.keyboard('3');
  await nextFrame();
  expect(star('3 stars').element().getAttribute('aria-pressed')).toBe('true');
  await expect.element(heading()).toHaveTextContent('1 of 5');
  await expect.element(tally()).toHaveTextContent('1 kept · 0 rejected');
});

test('auto-advance stays as it was set last', async () => {
  const { container } = await openCulling();
  await page.getByRole('switch', { name: 'Auto-advance' }).click();
  await userEvent.keyboard('x');
  await expect.element(culling().getByText('Rejected', { exact: true })).toBeVisible();
  await expect.element(heading()).toHaveTextContent('1 of 5');
  container.remove();
  await openCulling();
  await expect.element(page.getByRole('switch', { name: 'Auto-advance' })).not.toBeChecked();
});

test('undo takes the last decision back and shows its image again', async () => {
  const { script } = await openCulling();
  await expect.element(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  await userEvent.keyboard('5x');
  await expect.element(heading()).toHaveTextContent('3 of 5');
  await userEvent.keyboard('z');
  await expect.element(heading()).toHaveTextContent('2 of 5');
  await expect.element(tally()).toHaveTextContent('1 kept · 0 rejected');
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.element(heading()).toHaveTextContent('1 of 5');
  await expect.poll(() => script.calls.filter(({ endpoint }) => endpoint === 'changes.undo').length).toBe(2);
});

test('after the last image the summary counts, starts again, and leaves to the library', async () => {
  const { route, state } = await openCulling(uuid(2));
  await expect.element(heading()).toHaveTextContent('4 of 5');
  await userEvent.keyboard('2x');
  const summary = culling().getByRole('status').filter({ hasText: 'All done' });
  await expect.element(summary).toBeVisible();
  await expect.poll(() => summary.element().textContent).toMatch(/Kept\s*1\s*Rejected\s*1\s*Skipped\s*3/u);
  await summary.getByRole('button', { name: 'Start again' }).click();
  await expect.element(heading()).toHaveTextContent('1 of 5');
  await userEvent.keyboard('{ArrowRight}{Escape}');
  await expect.poll(() => route.view).toBe('library');
  expect(state.library.view.lastViewed).toBe(uuid(4));
});

test('Escape fits an enlarged image before it leaves', async () => {
  const { route } = await openCulling();
  const full = culling().getByRole('button', { name: '100%, zoom to 100%' });
  await expect.element(culling().getByRole('group', { name: 'Zoom' })).toBeVisible();
  await userEvent.keyboard(' ');
  await expect.element(full).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(full).not.toBeInTheDocument();
  expect(route.view).toBe('cull');
});

test('a selection of any size is gone through to its end', async () => {
  const many = Array.from({ length: 1200 }, (_, index) => image(1200 - index));
  const script = scriptedStudio(viewsOf(many));
  const { state, route, container } = await mountView('library', script, null, WITH_IMAGES);
  await expect.poll(() => state.library.view.total).toBe(1200);
  state.library.selection.addRange(100, 1199);
  container.remove();
  await renderInApp(CullingView, { studio: script.studio, mirror: state, route, host: WITH_IMAGES }, {});
  await expect.element(heading()).toHaveTextContent('1 of 1,100');
  await expect.element(culling().getByRole('img', { name: 'Image 1100' })).toBeVisible();
  await userEvent.keyboard('{End}');
  await expect.element(heading()).toHaveTextContent('1,100 of 1,100');
  await expect.element(culling().getByRole('img', { name: 'Image 1', exact: true })).toBeVisible();
});

/** Culling of the images 2, 3 and 5 to 7 of a library of nine, newest first. */
async function openPart() {
  const nine = [9, 8, 7, 6, 5, 4, 3, 2, 1].map((number) => image(number));
  const script = scriptedStudio({
    ...viewsOf(nine),
    'changes.apply': ({ id, edit }: { id: ChangeId; edit: Edit }) => doneChange(id, edit),
  });
  const { state, route, container } = await mountView('library', script, null, WITH_IMAGES);
  await expect.poll(() => state.library.view.at(8)).not.toBeNull();
  state.library.selection.addRange(2, 4);
  state.library.selection.addRange(6, 7);
  container.remove();
  route.go('cull');
  await renderInApp(CullingView, { studio: script.studio, mirror: state, route, host: WITH_IMAGES }, {});
  await expect.element(heading()).toHaveTextContent('1 of 5');
  return { script, state };
}

const strip = () => culling().getByRole('listbox', { name: 'Images' });
const tiles = () =>
  strip()
    .getByRole('option')
    .elements()
    .map((tile) => tile.getAttribute('aria-label'));

test('the strip shows exactly the images that are culled, and a click goes to one', async () => {
  await openPart();
  await expect.poll(tiles).toEqual(['Image 7', 'Image 6', 'Image 5', 'Image 3', 'Image 2']);
  await strip().getByRole('option', { name: 'Image 3' }).click();
  await expect.element(heading()).toHaveTextContent('4 of 5');
  await expect.element(strip().getByRole('option', { selected: true })).toHaveAccessibleName('Image 3');
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(strip().getByRole('option', { selected: true })).toHaveAccessibleName('Image 2');
});

test('a reload goes on with what was culled, at the image that was shown', async () => {
  const { script } = await openPart();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
  await expect.element(heading()).toHaveTextContent('4 of 5');
  dispatchEvent(new PageTransitionEvent('pagehide'));
  // A reload runs no teardown: the page before is only taken away.
  culling().element().remove();
  localStorage.clear();
  await mountView('cull', script, null, WITH_IMAGES);
  await expect.element(heading()).toHaveTextContent('4 of 5');
  await expect.poll(tiles).toEqual(['Image 7', 'Image 6', 'Image 5', 'Image 3', 'Image 2']);
});

test('a reload says that what was culled has left the search', async () => {
  const { script } = await openPart();
  dispatchEvent(new PageTransitionEvent('pagehide'));
  culling().element().remove();
  script.answers['views.positions'] = ({ imageIds }: { imageIds: string[] }) => imageIds.map(() => null);
  await mountView('cull', script, null, WITH_IMAGES);
  await expect.element(culling().getByText(/no longer finds the images that you were culling/u)).toBeVisible();
  await expect.element(strip()).not.toBeInTheDocument();
});

test('culling again begins with what is selected then', async () => {
  const { state, script } = await openPart();
  dispatchEvent(new PageTransitionEvent('pagehide'));
  culling().element().remove();
  state.library.selection.clear();
  const route = new Route();
  route.go('library');
  route.go('cull');
  await renderInApp(CullingView, { studio: script.studio, mirror: state, route, host: WITH_IMAGES }, {});
  await expect.element(heading()).toHaveTextContent('1 of 9');
});

test('Shift F fills the screen and gives it back, and is in the button’s tooltip', async () => {
  const { edits } = await openCulling();
  await userEvent.keyboard('{Shift>}f{/Shift}');
  await expect.poll(() => document.fullscreenElement).toBe(culling().element());
  await userEvent.keyboard('{Shift>}f{/Shift}');
  await expect.poll(() => document.fullscreenElement).toBeNull();
  expect(edits).toEqual([]);
  // The button is where it was once the window has its size again.
  await expect.poll(() => [innerWidth, innerHeight]).toEqual([1400, 900]);
  await culling().getByRole('button', { name: 'Full screen' }).hover();
  await expect.element(page.getByRole('tooltip').or(page.getByText('Shift F'))).toHaveTextContent('Shift F');
});

test('it has the focus at the start, so that a screen reader says where one is', async () => {
  await openCulling();
  await expect.poll(() => document.activeElement).toBe(culling().element());
});

test('everything has a name', async () => {
  await openCulling();
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
