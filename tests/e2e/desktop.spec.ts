import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { runDesktop, REAL, WHERE, type DesktopApp } from './desktop-app.ts';
import { expect, test, type Launch } from './desktop-fixtures.ts';
import { create, environmentFor } from './fixtures.ts';
import { JOURNEY_MS, JOURNEYS, type Host } from './journey.ts';

const PROMPT = 'A lighthouse above a slate sea, first light';

function onDesktop(launch: Launch): Host {
  let environment: Record<string, string> = {};
  let app: DesktopApp | null = null;
  return {
    async open(changed = environment) {
      environment = changed;
      const started = await launch({ environment });
      app = started.app;
      return started.page;
    },
    async stop() {
      expect(await app?.quit()).toBe(0);
    },
  };
}

/** Records every message box and answers it with the button of this number. */
async function answerBoxes(app: DesktopApp, response: number): Promise<() => Promise<string[]>> {
  await app.evaluate(({ dialog }, button) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = (...args: unknown[]) => {
      asked.push((args.at(-1) as { message: string }).message);
      return Promise.resolve({ response: button, checkboxChecked: false });
    };
  }, response);
  return () => app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked, null);
}

test('sharp and SQLite load with the studio, after the safety settings, and not with the main module', async () => {
  const seen = new Map<string, string>();
  const follow = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    const text = await readFile(file, 'utf8');
    seen.set(file, text);
    for (const [, name = ''] of text.matchAll(/^(?:import|export) [^'"\n]*?["'](\.[^"']+)["'];?$/gmu)) {
      await follow(resolve(dirname(file), name));
    }
  };
  await follow(resolve(import.meta.dirname, '../../dist/main/desktop.js'));
  expect(seen.size).toBeGreaterThan(1);
  for (const [file, text] of seen) expect.soft(text, file).not.toMatch(/^import .*["'](?:sharp|better-sqlite3)["']/mu);
});

test.describe(`the desktop, ${WHERE}`, () => {
  for (const [title, journey] of Object.entries(JOURNEYS)) {
    test(title, async ({ launch, demo }) => {
      test.setTimeout(JOURNEY_MS);
      await journey(onDesktop(launch), demo);
    });
  }

  test('a second instance quits, and the first one comes to the front', async ({ launch, home }) => {
    const { app } = await launch();
    await app.evaluate(({ app: program, BrowserWindow }) => {
      const knocked = new Promise((resolve) => program.once('second-instance', resolve));
      Object.assign(globalThis, { knocked });
      BrowserWindow.getAllWindows()[0]?.minimize();
    }, null);
    expect((await runDesktop({ home })).code).toBe(0);
    await app.evaluate(() => (globalThis as unknown as { knocked: Promise<void> }).knocked.then(() => undefined), null);
    const isMinimized = (): Promise<boolean | undefined> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized(), null);
    await expect.poll(isMinimized).toBe(false);
    expect(app.windows()).toHaveLength(1);
  });

  test('quitting while a job runs asks first and loses nothing', async ({ launch, demo }) => {
    const environment = environmentFor(await demo({ scenario: 'silent' }));
    const { app, page } = await launch({ environment });
    await create(page, PROMPT);
    await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();

    const boxes = await answerBoxes(app, 0);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close(), null);
    await expect.poll(boxes).toEqual(['1 image is being made. Quit anyway?']);
    await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();

    await answerBoxes(app, 1);
    expect(await app.quit()).toBe(0);
    const again = await launch({ environment });
    await expect(again.page.getByRole('alert').filter({ hasText: /billed/u })).toBeVisible();
  });

  test('an unknown option prints one line and exits with code 2', async ({ home }) => {
    const { code, said } = await runDesktop({ home, args: ['--nonsense'] });
    expect(code).toBe(2);
    expect(said).toContain('Unknown option “--nonsense”. Options: --library DIR, --demo.\n');
    expect(said).not.toMatch(/^\s+at /mu);
  });

  test('the theme from Settings is the page’s system theme', async ({ launch }) => {
    const { app, page } = await launch({ args: ['--demo'] });
    const set = (theme: string): Promise<unknown> =>
      page.evaluate((value) => window.studio.call('settings.change', { theme: value as 'dark' }), theme);
    for (const theme of ['dark', 'light']) {
      await set(theme);
      await expect
        .poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
        .toBe(theme === 'dark');
      expect(await app.evaluate(({ nativeTheme }) => nativeTheme.themeSource, null)).toBe(theme);
    }
  });

  test('the window keeps its position and size', async ({ launch }) => {
    const first = await launch({ args: ['--demo'] });
    await first.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 60, width: 1000, height: 700 });
    }, null);
    await first.app.quit();
    const again = await launch({ args: ['--demo'] });
    const bounds = await again.app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds(),
      null,
    );
    // A display without a window manager chooses the position itself.
    expect(bounds).toMatchObject(REAL ? { width: 1000, height: 700 } : { x: 40, y: 60, width: 1000, height: 700 });
  });
});
