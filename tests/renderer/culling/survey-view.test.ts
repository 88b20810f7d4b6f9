import axe from 'axe-core';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Edit } from '../../../electron/contract/entities/changes.ts';
import type { ChangeId, ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Generation } from '../../../electron/contract/entities/generations.ts';
import LibraryView from '../../../renderer/library/LibraryView.svelte';
import SurveyView from '../../../renderer/culling/survey/SurveyView.svelte';
import { renderInApp } from '../state/render-in-app.ts';
import { mountView } from '../state/mounted-view.ts';
import { image, scriptedStudio, uuid, viewsOf } from '../state/scripted-studio.ts';
import { doneChange, imageRecord, WITH_IMAGES } from '../viewer/image-record.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});

const survey = () => page.getByRole('main', { name: 'Survey' });
const pane = (number: number) => survey().getByRole('group', { name: new RegExp(`: Image ${number}$`, 'u') });
const count = () => survey().getByRole('heading', { level: 1 });

/** A survey of images 1 to `many`, of which the second was sent with another quality. */
async function openSurvey(many: number) {
  const edits: { images: string[]; edit: Edit }[] = [];
  const parameters = (quality: string) =>
    ({ prompt: 'Image', model: 'gpt-image-2.6-sunburst', size: '1024x1024', quality }) as Generation['parameters'];
  const script = scriptedStudio({
    ...viewsOf([]),
    'library.image'({ imageId }: { imageId: ImageId }) {
      const number = Number(imageId.slice(-3));
      return imageRecord(
        number,
        { prompt: `Image ${number}` },
        { parameters: parameters(number === 2 ? 'low' : 'high') },
      );
    },
    'changes.apply'({ id, selection, edit }: { id: ChangeId; selection: { imageIds: string[] }; edit: Edit }) {
      edits.push({ images: selection.imageIds, edit });
      return doneChange(id, edit);
    },
  });
  const ids = Array.from({ length: many }, (_, index) => uuid(index + 1));
  const mounted = await mountView('survey', script, ids.join(','), WITH_IMAGES);
  await expect.element(count()).toHaveTextContent(`${many} images`);
  return { ...mounted, edits };
}

test.each([2, 3, 5, 9, 16])('%i images are shown without scrolling, each with its marks', async (many) => {
  await openSurvey(many);
  for (let number = 1; number <= many; number += 1) await expect.element(pane(number)).toBeInViewport();
  const { top, height } = survey().element().getBoundingClientRect();
  expect([top, height]).toEqual([0, window.innerHeight]);
  for (const element of survey().getByRole('group', { name: 'Rating' }).elements())
    expect(element.getBoundingClientRect().bottom).toBeLessThanOrEqual(window.innerHeight);
});

test('only what differs is listed', async () => {
  await openSurvey(3);
  await expect.element(pane(2).getByText('Low')).toBeVisible();
  await expect.element(pane(1).getByText('High')).toBeVisible();
  await expect.element(survey().getByText('Size')).not.toBeInTheDocument();
  await expect.element(survey().getByText('Model')).not.toBeInTheDocument();
});

test('all images are enlarged together, and about the same point', async () => {
  await openSurvey(3);
  await userEvent.keyboard(' ');
  await expect.element(survey().getByRole('button', { name: '100%, zoom to 100%' })).toBeVisible();
  const places = () =>
    survey()
      .getByRole('img', { name: /^Image/u })
      .elements()
      .map((element) => {
        const image = element.getBoundingClientRect();
        const view = element.closest('[role="group"]')?.getBoundingClientRect();
        return [image.left - (view?.left ?? 0), image.top - (view?.top ?? 0), image.width];
      });
  await expect.poll(places).toHaveLength(3);
  /** How far the images are from being at the same place. */
  const apart = () => {
    const [first, ...others] = places();
    return Math.max(...others.flatMap((place) => place.map((value, axis) => Math.abs(value - (first?.[axis] ?? NaN)))));
  };
  await expect.poll(apart).toBeLessThan(0.5);
});

test('arrows move, keys mark the focused image and take it out; it can come back or be rejected', async () => {
  const { edits } = await openSurvey(3);
  await expect.element(pane(1)).toHaveAttribute('aria-current', 'true');
  await userEvent.keyboard('{ArrowRight}3');
  await expect.element(pane(2).getByRole('button', { name: '3 stars' })).toHaveAttribute('aria-pressed', 'true');
  await userEvent.keyboard('{Delete}');
  await expect.element(count()).toHaveTextContent('2 images');
  await expect.element(pane(3)).toHaveAttribute('aria-current', 'true');
  await survey().getByRole('button', { name: 'Show all' }).click();
  await expect.element(count()).toHaveTextContent('3 images');
  await userEvent.keyboard('{Delete}');
  await survey()
    .getByRole('button', { name: /^Reject 1 removed/u })
    .click();
  await expect
    .poll(() => edits)
    .toEqual([
      { images: [uuid(2)], edit: { kind: 'rate', rating: 3 } },
      { images: [uuid(3)], edit: { kind: 'reject', on: true } },
    ]);
});

test('Enter keeps one as a favourite and takes the others out; the last can’t be taken out', async () => {
  const { edits, route } = await openSurvey(4);
  await userEvent.keyboard('{ArrowRight}{Enter}');
  await expect.element(count()).toHaveTextContent('1 image');
  await expect.poll(() => edits).toEqual([{ images: [uuid(2)], edit: { kind: 'favourite', on: true } }]);
  await userEvent.keyboard('{Delete}');
  await expect.element(count()).toHaveTextContent('1 image');
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => route.view).toBe('library');
});

test('after the survey, the focus is at the image of the grid from which it was opened', async () => {
  const images = [5, 4, 3, 2, 1].map((number) => image(number));
  const script = scriptedStudio({
    ...viewsOf(images),
    'library.image': ({ imageId }: { imageId: ImageId }) => imageRecord(Number(imageId.slice(-3))),
  });
  const { state, route, unmount } = await mountView('library', script, null, WITH_IMAGES);
  onTestFinished(route.listen());
  await page.getByRole('gridcell', { name: /^Image 4,/u }).click();
  await page.getByRole('gridcell', { name: /^Image 2,/u }).click({ modifiers: ['Shift'] });
  await userEvent.keyboard('v');
  expect(route.view).toBe('survey');
  await unmount();
  const app = { studio: script.studio, mirror: state, route, host: WITH_IMAGES };
  const shown = await renderInApp(SurveyView, app, {});
  await expect.element(count()).toHaveTextContent('3 images');
  await userEvent.keyboard('{ArrowRight}{Escape}');
  await expect.poll(() => route.view).toBe('library');
  await shown.unmount();
  const { container } = await renderInApp(LibraryView, app, {});
  container.style.height = '100vh';
  await expect.element(page.getByRole('gridcell', { name: /^Image 2,/u })).toHaveFocus();
});

test('a mark that can’t be stored is taken back, and said', async () => {
  const script = scriptedStudio({
    'library.image': ({ imageId }: { imageId: ImageId }) => imageRecord(Number(imageId.slice(-3))),
    'changes.apply': () => ({ refusal: { code: 'disk-full', message: 'The disk is full.', billing: 'none' } }),
  });
  await mountView('survey', script, [image(1).id, image(2).id].join(','), WITH_IMAGES);
  await expect.element(count()).toHaveTextContent('2 images');
  await userEvent.keyboard('x');
  await expect.element(survey().getByText('The disk is full.')).toBeVisible();
  await expect.element(pane(1).getByRole('button', { name: 'Reject' })).toHaveAttribute('aria-pressed', 'false');
});

test('everything has a name', async () => {
  await openSurvey(4);
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
