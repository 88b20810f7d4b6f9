import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ImagePreloader } from '../../../renderer/filmstrip/ImagePreloader.ts';

/** Addresses that images were given, in order; '' for one that was given up. */
let given: string[];

beforeEach(() => {
  given = [];
  vi.useFakeTimers();
  vi.stubGlobal(
    'Image',
    class {
      set src(address: string) {
        given.push(address);
      }
      decode(): Promise<void> {
        return Promise.reject(new Error('damaged'));
      }
    },
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the next images are loaded once, after a pause, in the order in which they are wanted', () => {
  const preloader = new ImagePreloader();
  preloader.want(['/2', '/3', '/0']);
  expect(given).toEqual([]);
  vi.runAllTimers();
  expect(given).toEqual(['/2', '/3', '/0']);
  preloader.want(['/3', '/2']);
  vi.runAllTimers();
  expect(given).toEqual(['/2', '/3', '/0', '']);
});

test('who skips on doesn’t load what is skipped, and nothing is loaded after the end', () => {
  const preloader = new ImagePreloader();
  for (const address of ['/1', '/2', '/3']) preloader.want([address]);
  vi.runAllTimers();
  expect(given).toEqual(['/3']);
  preloader.want(['/3', '/4']);
  preloader.stop();
  vi.runAllTimers();
  expect(given).toEqual(['/3', '']);
});
