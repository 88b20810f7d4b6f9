import { afterEach, expect, test } from 'vitest';
import type { ImageId } from '../../../../electron/contract/entities/ids.ts';
import type { Image } from '../../../../electron/contract/entities/images.ts';
import type { ViewQuestion } from '../../../../electron/contract/entities/views.ts';
import { ImageView } from '../../../../renderer/state/library/image-view.svelte.ts';
import type { Anchor } from '../../../../renderer/state/library/stored-anchor.ts';
import { image, scriptedStudio, shapeFor, uuid, viewsOf, type ScriptedStudio } from '../scripted-studio.ts';
import { ALL_IMAGES } from '../../../all-images.ts';

const PLAIN: ViewQuestion = { ...ALL_IMAGES, grouping: 'day' };
/** Newest first. */
const many = (from: number, to: number): Image[] =>
  Array.from({ length: to - from + 1 }, (_, index) => image(to - index));

const views: ImageView[] = [];
afterEach(() => {
  views.splice(0).forEach((view) => view.stop());
  localStorage.clear();
});

/** A view of scripted images, which can be replaced: `set` raises the revision. */
function scripted(first: Image[]) {
  let images = first;
  let revision = 1;
  const script: ScriptedStudio = scriptedStudio();
  const set = (next: Image[]): void => {
    images = next;
    revision += 1;
    Object.assign(script.answers, viewsOf(images, { id: `view-${revision}`, revision }));
  };
  Object.assign(script.answers, viewsOf(images));
  const asks = $state({ settled: PLAIN });
  const source = { studio: script.studio, shape: () => Promise.resolve(shapeFor(images)) };
  const view = new ImageView(source, asks, () => 'Images');
  views.push(view);
  view.start();
  const update = () => view.applyUpdate({ ready: true, revision, loaded: images.length, images: images.length });
  const asked = (endpoint: string) => script.calls.filter((call) => call.endpoint === endpoint).length;
  return { script, view, asks, set, update, asked };
}

test('the first answer comes with its shape and its first images, in one question', async () => {
  const { view, asked } = scripted(many(1, 450));
  expect(view.state).toBe('loading');
  await expect.poll(() => view.state).toBe('ready');
  expect([view.total, view.ratios?.length, view.at(0)?.id, view.at(449)]).toEqual([450, 450, uuid(450), null]);
  expect([asked('views.ask'), asked('views.rows')]).toEqual([1, 1]);
});

test('images are loaded where they are needed, at most two requests at a time, what was wanted last first', async () => {
  const { view, script } = scripted(many(1, 3000));
  await expect.poll(() => view.state).toBe('ready');
  const from: number[] = [];
  const release: (() => void)[] = [];
  const rows = viewsOf(many(1, 3000))['views.rows'];
  script.answers['views.rows'] = async (payload: never) => {
    from.push((payload as { from: number }).from);
    await new Promise<void>((done) => release.push(done));
    return rows?.(payload);
  };
  view.need(500, 200);
  view.need(1000, 100);
  view.need(2000, 100);
  expect(from).toEqual([500, 600]);
  release.shift()?.();
  await expect.poll(() => from).toEqual([500, 600, 2000]);
  release.shift()?.();
  await expect.poll(() => from).toEqual([500, 600, 2000, 1000]);
  release.splice(0).forEach((done) => done());
  await expect.poll(() => view.at(2000)?.id).toBe(uuid(1000));
});

test('2,000 images are kept: those looked at longest ago are loaded again, those in view never', async () => {
  const { view, script } = scripted(many(1, 3000));
  await expect.poll(() => view.state).toBe('ready');
  const loads = (from: number) =>
    script.calls.filter(
      ({ endpoint, payload }) => endpoint === 'views.rows' && (payload as { from: number }).from === from,
    ).length;
  for (let from = 100; from < 2500; from += 100) {
    view.need(from, 100);
    await expect.poll(() => view.at(from)).not.toBeNull();
    // Looked at all the time.
    view.need(0, 100);
  }
  expect([view.at(0)?.id, view.at(100), view.at(2400)?.id]).toEqual([uuid(3000), null, uuid(600)]);
  expect([loads(0), loads(100)]).toEqual([1, 1]);
  view.need(100, 100);
  await expect.poll(() => view.at(100)?.id).toBe(uuid(2900));
  expect(loads(100)).toBe(2);
});

test('what is being loaded when a newer view comes is loaded from that one too', async () => {
  const { view, script, set, update } = scripted(many(1, 450));
  await expect.poll(() => view.state).toBe('ready');
  let release = (): void => undefined;
  const rows = viewsOf(many(1, 450))['views.rows'];
  script.answers['views.rows'] = async (payload: never) => {
    await new Promise<void>((done) => (release = done));
    return rows?.(payload);
  };
  view.need(200, 100);
  set(many(1, 460));
  update();
  await expect.poll(() => view.total).toBe(460);
  // The grid needs it again, while the older request is still on its way.
  view.need(200, 100);
  release();
  await expect.poll(() => view.at(200)?.id).toBe(uuid(260));
});

test('images at the head leave what is looked at in place, and are counted', async () => {
  const { view, set, update } = scripted(many(1, 300));
  await expect.poll(() => view.state).toBe('ready');
  view.anchor = { imageId: uuid(200) as ImageId, position: 100, offset: 7 };
  set(many(1, 303));
  update();
  await expect.poll(() => view.total).toBe(303);
  expect([view.anchor, view.arrived]).toEqual([{ imageId: uuid(200), position: 103, offset: 7 }, 3]);
  // Its rows are there at once, so that nothing flickers.
  expect(view.at(103)?.id).toBe(uuid(200));
  view.anchor = null;
  expect(view.arrived).toBe(0);
});

/** An answer with three more images at the head is on its way while `before` is looked at. @returns lets it arrive */
async function threeMore(
  { view, script, set, update, asked }: ReturnType<typeof scripted>,
  before: Anchor | null,
): Promise<() => Promise<unknown>> {
  await expect.poll(() => view.state).toBe('ready');
  view.anchor = before;
  const loads = asked('views.rows');
  set(many(1, 303));
  const rows = script.answers['views.rows'];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  script.answers['views.rows'] = async (payload: never) => {
    await promise;
    return rows?.(payload);
  };
  update();
  await expect.poll(() => asked('views.rows')).toBe(loads + 1);
  return () => {
    resolve(undefined);
    return expect.poll(() => view.total).toBe(303);
  };
}

/** An image of 300 that is looked at. */
const at = (number: number): Anchor => ({ imageId: uuid(number) as ImageId, position: 300 - number, offset: 7 });

test('what is looked at while an answer is on its way stays in place too', async () => {
  for (const before of [null, at(290)]) {
    const host = scripted(many(1, 300));
    const arrive = await threeMore(host, before);
    host.view.anchor = at(100);
    await arrive();
    expect(host.view.anchor).toEqual({ ...at(100), position: 203 });
    expect([host.view.shift, host.view.arrived, host.view.at(203)?.id]).toEqual([3, 3, uuid(100)]);
  }
});

test('what is looked at before its rows are loaded moves with the images at the head', async () => {
  const host = scripted(many(1, 300));
  const arrive = await threeMore(host, null);
  host.view.anchor = { ...at(100), imageId: null };
  await arrive();
  expect([host.view.anchor, host.view.shift]).toEqual([{ ...at(100), imageId: null, position: 203 }, 3]);
});

test('a grid that is at its head when the answer comes shows the new images', async () => {
  const host = scripted(many(1, 300));
  const arrive = await threeMore(host, at(100));
  host.view.anchor = null;
  await arrive();
  expect([host.view.anchor, host.view.shift, host.view.arrived]).toEqual([null, 3, 0]);
});

test('many events become one question; a revision that is known asks nothing', async () => {
  const { view, set, update, asked } = scripted(many(1, 10));
  await expect.poll(() => view.state).toBe('ready');
  update();
  set(many(1, 11));
  for (let time = 0; time < 20; time += 1) update();
  await expect.poll(() => view.total).toBe(11);
  expect(asked('views.ask')).toBe(2);
});

test('images that are needed while the index starts again are loaded once it is there, without an error', async () => {
  const { view, script, update, asked } = scripted(many(1, 450));
  await expect.poll(() => view.state).toBe('ready');
  const { 'views.rows': rows } = script.answers;
  script.answers['views.rows'] = () => ({
    refusal: { code: 'index-loading', message: 'Loading.', billing: 'none' },
  });
  script.answers['views.status'] = () => ({ ready: false, revision: 0, loaded: 0, images: 450 });
  view.need(200, 100);
  await expect.poll(() => asked('views.status')).toBe(1);
  expect([view.error, view.at(0)?.id, asked('views.ask')]).toEqual([null, uuid(450), 1]);
  Object.assign(script.answers, { 'views.rows': rows });
  // Nothing was changed meanwhile.
  update();
  await expect.poll(() => asked('views.ask')).toBe(2);
  view.need(200, 100);
  await expect.poll(() => view.at(200)?.id).toBe(uuid(250));
  expect(view.error).toBeNull();
});

test('an expired view is asked for again', async () => {
  const { view, script, set } = scripted(many(1, 450));
  await expect.poll(() => view.state).toBe('ready');
  script.answers['views.rows'] = () => {
    set(many(1, 450));
    return { refusal: { code: 'view-expired', message: 'Expired.', billing: 'none' } };
  };
  view.need(200, 100);
  await expect.poll(() => view.view?.id).toBe('view-2');
  view.need(200, 100);
  await expect.poll(() => view.at(200)?.id).toBe(uuid(250));
  expect(view.error).toBeNull();
});

test('before the index is ready the newest images are there', async () => {
  const { view, script, update } = scripted([]);
  const images = many(1, 250);
  const loading = { refusal: { code: 'index-loading', message: 'Loading.', billing: 'none' } };
  Object.assign(script.answers, {
    'views.ask': () => loading,
    'views.status': () => ({ ready: false, revision: 0, loaded: 4, images: 10 }),
    'library.newest': () => ({ images: images.slice(0, 200), all: 250 }),
  });
  await expect.poll(() => view.state).toBe('ready');
  expect([view.view, view.total, view.all, view.status?.loaded]).toEqual([null, 200, 250, 4]);
  expect(view.at(199)?.id).toBe(uuid(51));
  Object.assign(script.answers, viewsOf(images));
  update();
  await expect.poll(() => view.view).not.toBeNull();
});

test('an error is kept until it goes away; what is shown stays', async () => {
  const { view, script, update, set } = scripted(many(1, 5));
  await expect.poll(() => view.state).toBe('ready');
  set(many(1, 6));
  script.answers['views.ask'] = () => ({ refusal: { code: 'internal', message: 'No.', billing: 'none' } });
  update();
  await expect.poll(() => view.error?.message).toBe('No.');
  expect([view.state, view.total]).toEqual(['ready', 5]);
  Object.assign(script.answers, viewsOf(many(1, 6), { revision: 3 }));
  await view.refresh();
  expect([view.error, view.total]).toEqual([null, 6]);
});

test('another question starts at its head; another grouping stays where it is', async () => {
  const { view, asks } = scripted(many(1, 300));
  await expect.poll(() => view.state).toBe('ready');
  view.anchor = { imageId: uuid(200) as ImageId, position: 100, offset: 0 };
  asks.settled = { ...PLAIN, grouping: 'month' };
  await expect.poll(() => view.question?.grouping).toBe('month');
  expect(view.anchor).toMatchObject({ position: 100 });
  asks.settled = { ...PLAIN, query: 'fox' };
  await expect.poll(() => view.question?.query).toBe('fox');
  expect(view.anchor).toBeNull();
});

test('the place is there again after a restart', async () => {
  const before = scripted(many(1, 300)).view;
  await expect.poll(() => before.state).toBe('ready');
  before.anchor = { imageId: uuid(200) as ImageId, position: 100, offset: 7 };
  before.stop();
  const { view } = scripted(many(1, 310));
  await expect.poll(() => view.state).toBe('ready');
  expect(view.anchor).toEqual({ imageId: uuid(200), position: 110, offset: 7 });
});

test('marks are shown at once, and by the library once they are settled', async () => {
  const { view, set, update } = scripted(many(1, 5));
  await expect.poll(() => view.state).toBe('ready');
  const settle = view.patch([uuid(5) as ImageId], { rating: 4 });
  expect(view.at(0)?.marks.rating).toBe(4);
  set(many(1, 6));
  update();
  await expect.poll(() => view.total).toBe(6);
  expect(view.at(1)?.marks.rating).toBe(4);
  settle(true);
  await view.refresh();
  await expect.poll(() => view.at(1)?.marks.rating).toBe(0);
});

test('marks that can’t be stored are taken back', async () => {
  const { view } = scripted(many(1, 5));
  await expect.poll(() => view.state).toBe('ready');
  view.patch([uuid(5) as ImageId], { rating: 4 });
  const settle = view.patch([uuid(5) as ImageId], { rating: 5, favourite: true });
  expect(view.at(0)?.marks).toMatchObject({ rating: 5, favourite: true });
  settle(false);
  expect(view.at(0)?.marks).toMatchObject({ rating: 4, favourite: false });
});
