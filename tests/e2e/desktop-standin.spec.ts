import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { findBrowser } from '../browser.ts';
import {
  endGroup,
  launchStandIn,
  startProcess,
  type LaunchOptions,
  type StandInApplication,
} from '../electron-standin/launch.ts';
import { startTrap } from './trap.ts';

/** What the sample's preload exposes. */
interface Bridge {
  node: string;
  list: readonly [number, { deep: boolean }];
  invoke<T>(channel: string, ...args: unknown[]): Promise<T>;
  send(channel: string, ...args: unknown[]): void;
  on(channel: string, listener: (...args: never[]) => void): () => void;
  ask(question: (value: number) => number): number;
  fail(): void;
}
declare global {
  interface Window {
    bridge: Bridge;
  }
}

const SAMPLE = resolve(import.meta.dirname, '../electron-standin/sample');

interface Fixtures {
  options: LaunchOptions;
  sample: { app: StandInApplication; page: Page };
}

/** The stand-in itself, with a sample application: does it do what Electron is known to do? */
const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixture's dependencies from the pattern.
  options: async ({}, use) => {
    const browser = await findBrowser();
    if (!browser) throw new Error('The stand-in needs a browser.');
    const home = await mkdtemp(join(tmpdir(), 'standin-home-'));
    await use({ args: [SAMPLE], browser, home });
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  },
  sample: async ({ options }, use) => {
    const app = await launchStandIn(options);
    const page = await app.firstWindow();
    await expect(page.getByRole('heading', { name: 'ready' })).toBeVisible();
    await use({ app, page });
    await app.close();
  },
});

test('the preload runs before the page, sandboxed, and defines one global', async ({ sample: { page } }) => {
  const found = await page.evaluate(() => ({
    before: (window as unknown as { bridgeAtStart: string }).bridgeAtStart,
    node: window.bridge.node,
    frozen: Object.isFrozen(window.bridge) && Object.isFrozen(window.bridge.list[1]),
    globals: Object.getOwnPropertyNames(window).filter((name) =>
      /^(?:standin.*|require|process|module|[bpq][0-9a-f]{24})$/iu.test(name),
    ),
  }));
  expect(found).toEqual({ before: 'object', node: 'module not found: node:fs', frozen: true, globals: [] });
});

test('functions cross the bridge in both directions, and errors keep only their message', async ({
  sample: { page },
}) => {
  const found = await page.evaluate(() => {
    try {
      window.bridge.fail();
    } catch (error) {
      return [window.bridge.ask((value) => value + 1), error instanceof Error, String(error)];
    }
    return [];
  });
  expect(found).toEqual([43, true, 'Error: not today']);
});

test('values keep their type to the main process and back', async ({ sample: { page } }) => {
  const kept = await page.evaluate(async () => {
    const value = {
      nothing: undefined,
      numbers: [NaN, -0, Infinity],
      big: 10n ** 30n,
      date: new Date(5),
      map: new Map([['key', new Set([1])]]),
      bytes: new Uint8Array([1, 2, 3]).subarray(1),
      floats: new Float32Array([1.5]),
      error: new TypeError('wrong'),
    };
    const back = await window.bridge.invoke<typeof value>('echo', value);
    return {
      nothing: Object.hasOwn(back, 'nothing'),
      numbers: back.numbers.map((number) => (Object.is(number, -0) ? '-0' : String(number))),
      big: back.big === 10n ** 30n,
      date: back.date.getTime(),
      map: back.map.get('key')?.has(1),
      bytes: [...back.bytes],
      floats: back.floats instanceof Float32Array && back.floats[0],
      error: back.error instanceof Error && back.error.message,
    };
  });
  expect(kept).toEqual({
    nothing: true,
    numbers: ['NaN', '-0', 'Infinity'],
    big: true,
    date: 5,
    map: true,
    bytes: [2, 3],
    floats: 1.5,
    error: 'wrong',
  });
});

test('errors are the same as in Electron', async ({ sample: { page } }) => {
  const messages = await page.evaluate(async () => {
    const message = async (call: () => Promise<unknown>): Promise<string> => {
      try {
        return `answered ${String(await call())}`;
      } catch (error) {
        return (error as Error).message;
      }
    };
    return [
      await message(() => window.bridge.invoke('fail')),
      await message(() => window.bridge.invoke('nobody')),
      await message(() => window.bridge.invoke('unclonable')),
      await message(() => window.bridge.invoke('echo', Symbol('x'))),
    ];
  });
  expect(messages[0]).toBe("Error invoking remote method 'fail': RangeError: no such thing");
  expect(messages[1]).toBe("Error invoking remote method 'nobody': Error: No handler registered for 'nobody'");
  expect(messages[2]).toMatch(/could not be cloned/u);
  expect(messages[3]).toMatch(/could not be cloned/u);
});

test('messages arrive in order, and not after unsubscribing', async ({ sample: { page } }) => {
  const numbers = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const got: number[] = [];
        const first = window.bridge.on('number', (number: number) => {
          got.push(number);
          if (number < 99) return;
          first();
          window.bridge.on('number', (after: number) => after === 2 && resolve(got));
          window.bridge.send('count', 3);
        });
        window.bridge.send('count', 100);
      }),
  );
  expect(numbers).toEqual(Array.from({ length: 100 }, (_, number) => number));
});

test('the main process sees addresses of its own scheme', async ({ sample: { page } }) => {
  expect(await page.evaluate(() => window.bridge.invoke('sender'))).toEqual(['app://sample/', null, true]);
  const known = await page.evaluate(() => window.bridge.invoke<{ requests: string[][]; version: string }>('known'));
  expect(known.version).toBe('1.2.3');
  expect(known.requests).toContainEqual(['GET', 'sample/page.js', 'app://sample/']);
});

test('navigation, redirects and new windows can be prevented before anything is fetched', async ({
  sample: { app, page },
}) => {
  await page.evaluate(() => void (location.href = 'http://127.0.0.1:9/'));
  const journal = (): Promise<unknown> => app.evaluate(({ journal: entries }: { journal: unknown }) => entries);
  await expect.poll(journal).toContainEqual(['navigation-denied', 'http://127.0.0.1:9/']);
  await page.evaluate(() => void (location.href = '/moved'));
  await expect.poll(journal).toContainEqual(['navigation-denied', 'https://example.org/']);
  await page.evaluate(() => void window.open('https://example.org/new'));
  await expect.poll(journal).toContainEqual(['window-denied', 'https://example.org/new']);
  expect(await journal()).toContainEqual(['open-external', 'https://example.org/new']);
  expect(app.windows()).toHaveLength(1);
});

test('a window that is refused fetches nothing, however late the application answers', async ({
  sample: { app, page },
}) => {
  const trap = await startTrap();
  const pages = (): number => app.context().pages().length;
  const before = pages();
  // Playwright's own session releases the new page meanwhile.
  await app.evaluate(() => {
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000));
  });
  await page.evaluate((url) => {
    window.open(url);
    const link = Object.assign(document.createElement('a'), { href: url, target: '_blank' });
    document.body.append(link);
    link.click();
  }, trap.url);
  const denied = (): Promise<unknown> =>
    app.evaluate(({ journal }: { journal: string[][] }) => journal.filter(([what]) => what === 'window-denied'));
  await expect.poll(denied).toEqual([
    ['window-denied', trap.url],
    ['window-denied', trap.url],
  ]);
  await expect.poll(pages).toBe(before);
  expect(trap.hits()).toBe(0);
  trap.server.close();
});

test('permissions and the colour scheme follow the application', async ({ sample: { page } }) => {
  const state = (name: string): Promise<string> =>
    page.evaluate(
      async (wanted) => (await navigator.permissions.query({ name: wanted as PermissionName })).state,
      name,
    );
  expect([await state('notifications'), await state('geolocation')]).toEqual(['granted', 'denied']);
  await page.evaluate(() => window.bridge.invoke('theme', 'dark'));
  await expect.poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
});

test('a second instance notifies the first and quits; the first quits with its last window', async ({
  sample: { app, page },
  options,
}) => {
  expect(await startProcess({ ...options, args: [SAMPLE, '--knock'] }).ended).toBe(0);
  const knocks = (): Promise<string[]> =>
    page.evaluate(async () => (await window.bridge.invoke<{ knocks: string[] }>('known')).knocks);
  await expect.poll(knocks).toEqual(['--knock']);
  const ended = new Promise((resolve) => app.process().once('exit', resolve));
  app
    .evaluate(({ BrowserWindow }: { BrowserWindow: { getAllWindows(): { close(): void }[] } }) =>
      BrowserWindow.getAllWindows().forEach((window) => window.close()),
    )
    .catch(() => undefined);
  expect(await ended).toBe(0);
});

test('a main module that awaits readiness at its top level never becomes ready', async ({ options }) => {
  const { child, output, ended } = startProcess({ ...options, args: [SAMPLE, '--deadlock'] });
  const ready = new Promise((resolve) => child.once('message', () => resolve('ready')));
  const first = await Promise.race([ended, ready]);
  endGroup(child);
  await ended;
  // Node's code for a process in which nothing is left that could settle its main module: it is not slow, it cannot go on.
  expect(first).toBe(13);
  expect(output()).toContain('stand-in: the main module awaits at its top level what never comes');
});
