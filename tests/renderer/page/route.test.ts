import { afterEach, beforeEach, expect, test } from 'vitest';
import { Route } from '../../../renderer/page/route.svelte.ts';

let stop: () => void = () => undefined;
beforeEach(() => history.replaceState(null, '', location.pathname));
afterEach(() => {
  stop();
  history.replaceState(null, '', location.pathname);
});

function open(): Route {
  stop();
  const route = new Route();
  stop = route.listen();
  return route;
}

test('without a place in the address one stands at Create, and nonsense leads there too', () => {
  expect(open().view).toBe('create');
  history.replaceState(null, '', '#/nowhere/at/all');
  expect(open().view).toBe('create');
});

test('a reload keeps the image that is looked at', () => {
  open().go('viewer', 'a b/c');
  const again = open();
  expect([again.view, again.imageId]).toEqual(['viewer', 'a b/c']);
});

test('back leads where one came from', async () => {
  const route = open();
  route.go('library');
  route.go('viewer', 'one');
  route.replace('viewer', 'two');
  expect(route.imageId).toBe('two');
  route.back();
  await expect.poll(() => route.view).toBe('library');
});

test('back from an image that the page was opened with leads to the library', () => {
  history.replaceState(null, '', '#/library/one');
  const route = open();
  route.back();
  expect(route.view).toBe('library');
});

test('a reload keeps the section of the settings, and a section that doesn’t exist is none', () => {
  const route = open();
  route.openSettings('library');
  expect([open().view, open().section]).toEqual(['settings', 'library']);
  route.replaceSection('about');
  expect(open().section).toBe('about');
  history.replaceState(null, '', '#/settings/nonsense');
  expect([open().view, open().section]).toEqual(['settings', null]);
});

test('back from a section leads to what was looked at before the settings', async () => {
  const route = open();
  route.go('activity');
  route.openSettings('sending');
  route.replaceSection('library');
  route.back();
  await expect.poll(() => route.view).toBe('activity');
});
