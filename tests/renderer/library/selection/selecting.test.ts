import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Change } from '../../../../electron/contract/entities/changes.ts';
import type { ChangeId } from '../../../../electron/contract/entities/ids.ts';
import { imageDrag } from '../../../../renderer/state/image-drag.svelte.ts';
import { mountView } from '../../state/mounted-view.ts';
import { image, SAME_FACTS, scriptedStudio, uuid, viewsOf } from '../../state/scripted-studio.ts';

const IMAGES = [5, 4, 3, 2, 1].map((number) => image(number, { prompt: `Pear ${number}` }));
const cell = (number: number) => page.getByRole('gridcell', { name: new RegExp(`^Pear ${number},`, 'u') });
const ids = (...numbers: number[]) => ({ kind: 'images', imageIds: numbers.map(uuid) });

function change(id: string, more: Partial<Change> = {}): Change {
  const edit = { kind: 'trash' as const };
  return {
    id: id as ChangeId,
    edit,
    state: 'done',
    names: [],
    images: 1,
    applied: 1,
    left: 0,
    at: 1,
    undoneAt: null,
    ...more,
  };
}

function libraryOf() {
  const script = scriptedStudio(viewsOf(IMAGES));
  Object.assign(script.answers, {
    'changes.apply': ({ id, edit }: Pick<Change, 'id' | 'edit'>) => change(id, { edit }),
    'views.summarize': ({ selection }: { selection: { imageIds?: string[] } }) => {
      const images = selection.imageIds?.length ?? IMAGES.length;
      return {
        images,
        bytes: 2_400_000,
        cost: { micros: 571_000, unknown: 0 },
        facts: SAME_FACTS,
        ratings: [images, 0, 0, 0, 0, 0],
        favourites: 0,
        rejected: 0,
        tags: [],
        collections: [],
        note: '',
      };
    },
  });
  const edits = () => script.calls.filter(({ endpoint }) => endpoint === 'changes.apply').map(({ payload }) => payload);
  return { script, edits };
}

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.style.height = '800px';
  await page.viewport(1440, 800);
});

test('click, Ctrl and Shift select; keys edit what is selected; Escape clears', async () => {
  const { script, edits } = libraryOf();
  const { state } = await mountView('library', script);
  await cell(5).click();
  await cell(3).click({ modifiers: ['ControlOrMeta'] });
  await expect.element(page.getByText('2 selected')).toBeVisible();
  await expect.element(page.getByText('$0.571 · 2.4 MB')).toBeVisible();
  await userEvent.keyboard('4');
  await expect.poll(edits).toMatchObject([{ edit: { kind: 'rate', rating: 4 }, selection: ids(5, 3) }]);
  await cell(1).click({ modifiers: ['Shift'] });
  await expect.element(page.getByText('3 selected')).toBeVisible();
  await userEvent.keyboard('{Delete}');
  await expect.poll(edits).toMatchObject([{}, { edit: { kind: 'trash' }, selection: ids(3, 2, 1) }]);
  await userEvent.keyboard('{Escape}');
  expect(state.library.selection.count).toBe(0);
  await userEvent.keyboard('{Control>}a{/Control}');
  await expect.element(page.getByText('5 selected')).toBeVisible();
  expect(state.library.selection.value).toMatchObject({ kind: 'view', ranges: 'all' });
});

test('a key edits the image with the focus where nothing is selected', async () => {
  const { script, edits } = libraryOf();
  await mountView('library', script);
  await cell(5).click();
  await userEvent.keyboard('{Escape}{ArrowRight}f');
  await expect.poll(edits).toMatchObject([{ edit: { kind: 'favourite', on: true }, selection: ids(4) }]);
});

test('a rectangle from empty space selects what it touches', async () => {
  const { script } = libraryOf();
  const { state, container } = await mountView('library', script);
  await expect.element(cell(5)).toBeVisible();
  const scroller = container.querySelector<HTMLElement>('.scroller');
  if (!scroller) throw new Error('no grid');
  const last = cell(1).element().getBoundingClientRect();
  const fire = (type: string, clientX: number, clientY: number) =>
    scroller.dispatchEvent(
      new PointerEvent(type, { clientX, clientY, button: 0, pointerId: 1, pointerType: 'mouse', bubbles: true }),
    );
  scroller.setPointerCapture = () => undefined;
  fire('pointerdown', last.right + 2, last.bottom + 40);
  fire('pointermove', last.left + 10, last.top + 10);
  await expect.poll(() => state.library.selection.imageIds).toContain(uuid(1));
  await expect.poll(() => document.querySelector('.marquee')).not.toBeNull();
  fire('pointerup', last.left + 10, last.top + 10);
  await expect.poll(() => document.querySelector('.marquee')).toBeNull();
});

test('a long press selects, taps then add and take out, and a finger that moves selects nothing', async () => {
  const { script } = libraryOf();
  const { state, route } = await mountView('library', script);
  const { selection } = state.library;
  await expect.element(cell(1)).toBeVisible();
  const touch = (type: string, number: number, more: PointerEventInit = {}) => {
    const element = cell(number).element();
    const { left, top } = element.getBoundingClientRect();
    const at = { clientX: left + 20, clientY: top + 20, button: 0, detail: 1 };
    element.dispatchEvent(
      new PointerEvent(type, {
        ...{ ...at, pointerId: 1, pointerType: 'touch', bubbles: true, cancelable: true },
        ...more,
      }),
    );
  };
  touch('pointerdown', 5);
  touch('pointermove', 5, { movementY: 30 });
  touch('pointerup', 5);
  touch('pointerdown', 4);
  await expect.poll(() => selection.imageIds).toEqual([uuid(4)]);
  // The click that ends it opens nothing and takes nothing out.
  touch('pointerup', 4);
  touch('click', 4);
  touch('click', 2);
  expect(selection.imageIds).toEqual([uuid(4), uuid(2)]);
  touch('click', 4);
  touch('click', 2);
  expect([selection.count, route.view]).toEqual([0, 'library']);
  touch('click', 3);
  expect([route.view, route.imageId]).toEqual(['viewer', uuid(3)]);
});

test('the context menu is for the image under it and does what keys do', async () => {
  const { script, edits } = libraryOf();
  await mountView('library', script);
  await cell(3).click({ button: 'right' });
  await expect.element(page.getByRole('menuitem', { name: 'Reuse in Create' })).toBeInTheDocument();
  await userEvent.keyboard('{End}{Enter}');
  await expect.poll(edits).toMatchObject([{ edit: { kind: 'trash' }, selection: ids(3) }]);
});

test('two images are compared with V, or surveyed from the menu; three are surveyed with V', async () => {
  const { script } = libraryOf();
  const { route } = await mountView('library', script);
  await cell(5).click();
  await cell(3).click({ modifiers: ['ControlOrMeta'] });
  await userEvent.keyboard('v');
  expect([route.view, route.imageId, route.otherImageId]).toEqual(['compare', uuid(5), uuid(3)]);
  await cell(5).click({ button: 'right' });
  const item = (name: string) => page.getByRole('menuitem', { name, exact: true });
  await expect.element(item('Compare')).toHaveTextContent('Compare V');
  await expect.element(item('Survey')).not.toHaveTextContent('Survey V');
  await item('Survey').click();
  await expect.poll(() => [route.view, route.imageId]).toEqual(['survey', `${uuid(5)},${uuid(3)}`]);
  await cell(1).click({ modifiers: ['ControlOrMeta'] });
  await cell(1).click({ button: 'right' });
  await expect.element(item('Survey')).toHaveTextContent('Survey V');
  await expect.element(item('Compare')).not.toBeInTheDocument();
  await userEvent.keyboard('{Escape}v');
  await expect.poll(() => route.imageId).toBe([5, 3, 1].map(uuid).join(','));
});

test('a stack’s cover is chosen among its images, not in a grid of single ones', async () => {
  const { script } = libraryOf();
  const { state } = await mountView('library', script);
  await cell(3).click();
  const bar = page.getByRole('toolbar', { name: 'Selection' });
  await expect.element(bar.getByRole('button', { name: 'Note' })).toBeVisible();
  await expect.element(bar.getByRole('button', { name: 'Cover' })).not.toBeInTheDocument();
  state.library.question.show(`stack:${uuid(3)}`);
  await cell(3).click();
  await expect.element(bar.getByRole('button', { name: 'Cover' })).toBeVisible();
});

test('all images of a view that are dragged have ids, for Create and for other programs', async () => {
  const { script } = libraryOf();
  await mountView('library', script);
  await cell(4).click();
  await userEvent.keyboard('{Control>}a{/Control}');
  const dataTransfer = new DataTransfer();
  cell(3)
    .element()
    .dispatchEvent(new DragEvent('dragstart', { bubbles: true, dataTransfer }));
  expect(imageDrag.imageIds(new DragEvent('drop', { dataTransfer }))).toEqual([5, 4, 3, 2, 1].map(uuid));
  imageDrag.end();
});

test('tags are added by typing a path', async () => {
  const { script, edits } = libraryOf();
  await mountView('library', script);
  await cell(5).click();
  await userEvent.keyboard('t');
  await page.getByRole('combobox', { name: 'Tags' }).fill('client/acme');
  await userEvent.keyboard('{Enter}');
  await expect
    .poll(edits)
    .toMatchObject([{ edit: { kind: 'tag', add: ['client/acme'], remove: [] }, selection: ids(5) }]);
});

test('the highlighted tag stays so when a list that is loaded again puts others before it', async () => {
  const { script, edits } = libraryOf();
  const tag = (number: number, path: string) => ({ id: uuid(number), parentId: null, name: path, path, images: 1 });
  let tags = [tag(30, 'client'), tag(31, 'wip')];
  script.answers['tags.list'] = () => tags;
  await mountView('library', script);
  await cell(5).click();
  await userEvent.keyboard('t');
  const option = (name: string) => page.getByRole('listbox', { name: 'Tags' }).getByRole('option', { name });
  await expect.element(option('wip')).toBeVisible();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(option('wip')).toHaveAttribute('data-highlighted');
  tags = [tag(32, 'bottle'), ...tags];
  script.push({ type: 'order' });
  await expect.element(option('bottle')).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.poll(edits).toMatchObject([{ edit: { kind: 'tag', add: ['wip'] } }]);
});

test('a tag that is about to be created is, also when a list that is loaded again has one like it', async () => {
  const { script, edits } = libraryOf();
  const tag = (number: number, path: string) => ({ id: uuid(number), parentId: null, name: path, path, images: 1 });
  let tags = [tag(30, 'client')];
  script.answers['tags.list'] = () => tags;
  await mountView('library', script);
  await cell(5).click();
  await userEvent.keyboard('t');
  const list = page.getByRole('listbox', { name: 'Tags' });
  await expect.element(list.getByRole('option', { name: 'client' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Tags' }).fill('bot');
  await expect.poll(() => list.getByRole('option').elements().length).toBe(1);
  tags = [tag(32, 'bottle'), ...tags];
  script.push({ type: 'order' });
  await expect.element(list.getByRole('option', { name: 'bottle' })).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.poll(edits).toMatchObject([{ edit: { kind: 'tag', add: ['bot'] } }]);
});

test('a running change shows progress and can be cancelled', async () => {
  const { script } = libraryOf();
  script.answers['changes.cancel'] = ({ id }: { id: string }) => change(id, { state: 'undone' });
  await mountView('library', script);
  script.push({ type: 'change', change: change(uuid(50), { state: 'applying', images: 9000, applied: 1200 }) });
  await expect.element(page.getByText('1,200 of 9,000')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect.element(page.getByText('1,200 of 9,000')).not.toBeInTheDocument();
  expect(script.calls.findLast(({ endpoint }) => endpoint.startsWith('changes.'))?.payload).toEqual({ id: uuid(50) });
});
