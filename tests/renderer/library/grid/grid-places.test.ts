import { beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { mountView } from '../../state/mounted-view.ts';
import { cell, indexOf, scroller } from './scripted-index.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.style.height = '800px';
  await page.viewport(1200, 800);
});

const drawn = () => [...document.querySelectorAll<HTMLElement>('[role="gridcell"]')];
const isLoaded = (each: HTMLElement) => each.getAttribute('aria-label') !== 'Loading';
/** Pixels between the top of the grid and a cell. */
const below = (each: HTMLElement) => each.getBoundingClientRect().top - scroller().getBoundingClientRect().top;

test('another width or size leaves the image at the top where it is', async () => {
  const { script, shape } = indexOf(60_000);
  await mountView('library', { ...script, shape });
  await expect.element(cell(60_000)).toBeVisible();
  scroller().scrollTop = 500_000;
  await expect
    .poll(() => drawn().some((each) => Number(each.dataset['position']) > 5000) && drawn().every(isLoaded))
    .toBe(true);
  // Rows above and below may be drawn since.
  const top = drawn().find((each) => below(each) > -100 && isLoaded(each));
  const name = top?.getAttribute('aria-label') ?? '';
  const place = () => {
    const again = drawn().find((each) => each.getAttribute('aria-label') === name);
    return again ? Math.abs(below(again)) : NaN;
  };
  for (const wide of [900, 1500, 1200]) {
    const width = scroller().clientWidth;
    await page.viewport(wide, 800);
    await expect.poll(() => scroller().clientWidth).not.toBe(width);
    // Its row is filled anew, and may have another height.
    await expect.poll(place).toBeLessThan(320);
  }
});

test('an image of one pixel by 16,384 has a cell beside the others, and so has one of 16,384 by one', async () => {
  // Ratios as the index gives them: never 0, never beyond 16 bits.
  const { script, shape } = indexOf(300, (number) => (number === 299 ? 1 : number === 298 ? 65_535 : 4096));
  await mountView('library', { ...script, shape });
  await expect.element(cell(299)).toBeVisible();
  const [square, tall, wide] = [300, 299, 298].map((number) => cell(number).element().getBoundingClientRect());
  expect(tall?.width).toBeGreaterThan(28);
  expect(tall?.height).toBe(square?.height);
  expect(tall?.left).toBeGreaterThan(square?.right ?? Infinity);
  expect(wide?.height).toBeGreaterThan(28);
  expect(wide?.right).toBeLessThanOrEqual(scroller().getBoundingClientRect().right);
});

test('empty cells stand where the first images will be, and images take their places', async () => {
  const { script, shape } = indexOf(5000);
  const answer = Promise.withResolvers<undefined>();
  const ask = script.answers['views.ask'] as () => unknown;
  Object.assign(script.answers, { 'views.ask': () => answer.promise.then(ask) });
  await mountView('library', { ...script, shape });
  const grid = page.getByRole('grid', { name: 'Images' });
  await expect.element(grid).toHaveAttribute('aria-busy', 'true');
  const ghosts = () => [...scroller().querySelectorAll('.ghost')];
  await expect.poll(() => ghosts().length).toBeGreaterThan(8);
  const width = scroller().clientWidth;
  const first = ghosts()[0]?.getBoundingClientRect();
  answer.resolve(undefined);
  await expect.element(cell(5000)).toBeVisible();
  await expect.element(grid).toHaveAttribute('aria-busy', 'false');
  expect(ghosts()).toEqual([]);
  expect(scroller().clientWidth).toBe(width);
  const { left, top } = cell(5000).element().getBoundingClientRect();
  expect([left, top]).toEqual([first?.left, first?.top]);
});
