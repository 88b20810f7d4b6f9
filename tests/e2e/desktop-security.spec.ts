import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { ENDPOINTS } from '../../electron/contract/endpoints.ts';
import { REAL, runDesktop, WHERE, type DesktopApp } from './desktop-app.ts';
import { expect, test } from './desktop-fixtures.ts';
import { startTrap } from './trap.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const KEY = 'sk-canary-7Qm2vX9pLw4Zt8Rb6Ny1Kd3Hs5Gf0';

/** What the page's guards were asked, and what they said, in order. */
async function watchGuards(
  app: DesktopApp,
): Promise<{ navigations(): Promise<string[]>; opened(): Promise<string[]> }> {
  await app.evaluate(({ BrowserWindow, shell }) => {
    const seen = { navigations: [] as string[], opened: [] as string[] };
    Object.assign(globalThis, { seen });
    // Heard after the application's own listener, so that its verdict is known.
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-frame-navigate', (event) => {
      seen.navigations.push(`${event.defaultPrevented ? 'refused' : 'let'} ${event.url}`);
    });
    shell.openExternal = (address: string) => Promise.resolve(void seen.opened.push(address));
  }, null);
  type Seen = { seen: { navigations: string[]; opened: string[] } };
  return {
    navigations: () => app.evaluate(() => (globalThis as unknown as Seen).seen.navigations, null),
    opened: () => app.evaluate(() => (globalThis as unknown as Seen).seen.opened, null),
  };
}

/** The texts of errors, by the directive of the policy that made them. */
function watchViolations(page: Page): Promise<void> {
  return page.evaluate(() => {
    const violations: string[] = [];
    Object.assign(window, { violations });
    addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
  });
}

const violations = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { violations: string[] }).violations);

test.describe(`Electron’s security checklist, ${WHERE}`, () => {
  test('1, 18: all content comes from our own scheme, not from the network or file://', async ({ launch }) => {
    const { app, page } = await launch({ args: ['--demo'] });
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.reload();
    await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toBeVisible();
    const { origin } = new URL(page.url());
    expect(requests.filter((url) => !url.startsWith(`${origin}/`) && !/^(?:blob|data):/u.test(url))).toEqual([]);
    expect(requests.length).toBeGreaterThan(2);
    const own = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL(), null);
    expect(own).toMatch(/^app:\/\/emulsion\//u);
    expect(await page.evaluate(() => isSecureContext)).toBe(true);
  });

  test('2, 3, 4, 6, 8, 9, 10, 11, 12: the page is sandboxed and isolated, and no protection is switched off', async ({
    launch,
  }) => {
    const { app } = await launch();
    const preferences = await app.evaluate(
      ({ BrowserWindow }) =>
        (
          BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
            getLastWebPreferences(): Record<string, unknown>;
          }
        ).getLastWebPreferences(),
      null,
    );
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    });
    for (const name of ['experimentalFeatures', 'nodeIntegrationInSubFrames', 'nodeIntegrationInWorker']) {
      expect.soft(preferences[name] ?? false, name).toBe(false);
    }
    expect(preferences['enableBlinkFeatures'] ?? '').toBe('');
  });

  test('5: every permission except writing to the clipboard is denied', async ({ launch }) => {
    const { page } = await launch();
    const states = await page.evaluate(async () => {
      const names = [
        'geolocation',
        'notifications',
        'camera',
        'microphone',
        'midi',
        'clipboard-read',
        'clipboard-write',
      ];
      const query = async (name: string): Promise<[string, string]> => {
        const { state } = await navigator.permissions.query({ name: name as PermissionName });
        return [name, state];
      };
      return Object.fromEntries(await Promise.all(names.map(query)));
    });
    const { 'clipboard-write': clipboard, ...others } = states;
    expect(clipboard).toBe('granted');
    expect([...new Set(Object.values(others))]).toEqual(['denied']);
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
  });

  test('7: the policy blocks foreign and inline scripts, frames, images, connections and forms', async ({
    launch,
    complaints,
  }) => {
    const trap = await startTrap();
    const { page } = await launch();
    await watchViolations(page);
    const ran = await page.evaluate(async (url) => {
      const place = <K extends keyof HTMLElementTagNameMap>(name: K, set: Partial<HTMLElementTagNameMap[K]>): void => {
        document.body.append(Object.assign(document.createElement(name), set));
      };
      const marks = window as unknown as { inline?: boolean };
      place('script', { textContent: 'window.inline = true' });
      place('script', { src: `${url}script.js` });
      place('img', { src: `${url}image.png` });
      place('iframe', { src: url });
      place('iframe', { src: '/' });
      place('object', { data: url });
      place('link', { rel: 'stylesheet', href: `${url}style.css` });
      place('style', { textContent: 'body { opacity: 0.5 }' });
      place('base', { href: url });
      document.body.setAttribute('style', 'opacity: 0.5');
      const form = Object.assign(document.createElement('form'), { action: url, method: 'post' });
      document.body.append(form);
      form.submit();
      const connected = await fetch(url).then(
        () => 'connected',
        () => 'refused',
      );
      const worker = await new Promise((resolve) => {
        try {
          new Worker(URL.createObjectURL(new Blob(['postMessage(1)']))).onerror = () => resolve('refused');
        } catch {
          resolve('refused');
        }
      });
      const evaluated = await new Promise((resolve) => {
        setTimeout(() => {
          try {
            // eslint-disable-next-line @typescript-eslint/no-implied-eval -- whether it runs is the question
            new Function('');
            resolve('ran');
          } catch {
            resolve('refused');
          }
        });
      });
      return {
        inline: marks.inline ?? false,
        opacity: getComputedStyle(document.body).opacity,
        connected,
        worker,
        evaluated,
      };
    }, trap.url);
    expect(ran).toEqual({ inline: false, opacity: '1', connected: 'refused', worker: 'refused', evaluated: 'refused' });
    const directives = ['script-src', 'script-src-elem', 'img-src', 'frame-src', 'object-src', 'style-src-elem'];
    await expect
      .poll(() => violations(page))
      .toEqual(
        expect.arrayContaining([
          ...directives,
          'style-src-attr',
          'base-uri',
          'form-action',
          'connect-src',
          'worker-src',
        ]),
      );
    expect(trap.hits()).toBe(0);
    // The violations are in the console too, and meant.
    complaints.length = 0;
    trap.server.close();
  });

  test.describe('leaving the page', () => {
    // Chromium says so itself, at a time of its own.
    test.use({ ignored: /^Not allowed to (?:launch|load) /u });

    test('13: the page cannot navigate', async ({ launch }) => {
      const trap = await startTrap();
      const { app, page } = await launch({ args: ['--demo'] });
      const before = page.url();
      const guards = await watchGuards(app);
      const places = [trap.url, 'https://example.org/', 'app://other/', 'mailto:someone@example.org'];
      for (const [at, place] of places.entries()) {
        await page.evaluate((address) => void (location.href = address), place);
        await expect.poll(guards.navigations).toEqual(places.slice(0, at + 1).map((url) => `refused ${url}`));
      }
      await page.evaluate(() => void (location.href = '/images/original/00000000-0000-7000-8000-000000000000'));
      await expect
        .poll(async () => (await guards.navigations()).at(-1))
        .toMatch(/^refused app:\/\/emulsion\/images\//u);
      expect(page.url()).toBe(before);
      await expect(page.getByRole('textbox', { name: 'Prompt', exact: true })).toBeVisible();
      expect(trap.hits()).toBe(0);
      trap.server.close();
    });

    test('14, 15: no window opens; https opens in the system’s browser, everything else is blocked', async ({
      launch,
    }) => {
      const trap = await startTrap();
      const { app, page } = await launch({ args: ['--demo'] });
      const guards = await watchGuards(app);
      await page.evaluate((url) => {
        for (const address of [url, 'file:///etc/passwd', 'smb://server/share', 'app://emulsion/', 'about:blank'])
          window.open(address);
        const link = Object.assign(document.createElement('a'), { href: url, target: '_blank' });
        document.body.append(link);
        link.click();
        window.open('https://user:secret@example.org/');
        window.open('https://example.org/manual');
      }, trap.url);
      await expect.poll(guards.opened).toEqual(['https://example.org/manual']);
      await expect.poll(() => app.windows().length).toBe(1);
      expect(trap.hits()).toBe(0);
      trap.server.close();
    });
  });

  test('16: Electron is the current one, pinned', async ({ launch }) => {
    const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(manifest.devDependencies['electron']).toMatch(/^4[5-9]\.\d+\.\d+$/u);
    if (!REAL) return;
    const { app } = await launch();
    expect(await app.evaluate(() => process.versions['electron'], null)).toBe(manifest.devDependencies['electron']);
  });

  test('17: only the main frame of our page can make calls', async ({ launch }) => {
    const { app } = await launch();
    const answers = await app.evaluate(async ({ ipcMain, BrowserWindow }) => {
      type Handler = (event: object, ...args: unknown[]) => unknown;
      const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers;
      const page = BrowserWindow.getAllWindows()[0]?.webContents;
      const frame = { url: 'app://emulsion/', parent: null };
      const senders: Record<string, object> = {
        own: { sender: page, senderFrame: frame },
        'no frame': { sender: page, senderFrame: null },
        iframe: { sender: page, senderFrame: { ...frame, parent: frame } },
        'wrong origin': { sender: page, senderFrame: { ...frame, url: 'https://example.org/' } },
        'about:blank': { sender: page, senderFrame: { ...frame, url: 'about:blank' } },
        'another window': { sender: {}, senderFrame: frame },
      };
      const payloads: Record<string, unknown[]> = {
        good: ['host.info', {}],
        'no name': [{}, {}],
        'too much': ['host.info', {}, 1],
      };
      const results: string[] = [];
      for (const [channel, handler] of handlers) {
        for (const [who, event] of Object.entries(senders)) {
          for (const [what, args] of Object.entries(payloads)) {
            const verdict = await (async () => handler(event, ...args))().then(
              (outcome) => ('ok' in (outcome as object) ? 'answered' : 'refused'),
              (error: unknown) => (error as { report: { code: string } }).report.code,
            );
            results.push(`${channel}, ${who}, ${what}: ${verdict}`);
          }
        }
      }
      return { results, events: ipcMain.eventNames().map(String) };
    }, null);
    const strangers = ['no frame', 'iframe', 'wrong origin', 'about:blank', 'another window'];
    expect(answers.results).toEqual([
      'studio:call, own, good: answered',
      'studio:call, own, no name: bad-payload',
      'studio:call, own, too much: bad-payload',
      ...strangers.flatMap((who) =>
        ['good', 'no name', 'too much'].map((what) => `studio:call, ${who}, ${what}: bad-sender`),
      ),
    ]);
    expect(answers.events.filter((name) => !name.startsWith('-'))).toEqual([]);
  });

  test('17: every endpoint refuses an invalid payload', async ({ launch }) => {
    const { page } = await launch();
    const codes = await page.evaluate(async (names) => {
      const nonsense: unknown[] = [
        undefined,
        null,
        'text',
        7,
        [1],
        { nonsense: true },
        { __proto__: { x: 1 }, nonsense: {} },
      ];
      const call = window.studio.call as (name: string, payload: unknown) => Promise<object>;
      const found: string[] = [];
      for (const name of [...names, 'host.nothing', '__proto__', 'constructor', '']) {
        for (const payload of nonsense) {
          const outcome = (await call(name, payload)) as { error?: { code: string } };
          found.push(`${names.includes(name) ? 'endpoint' : 'other'} ${outcome.error?.code ?? 'answered'}`);
        }
      }
      return [...new Set(found)];
    }, Object.keys(ENDPOINTS));
    expect(codes).toEqual(['endpoint bad-payload', 'other unknown-endpoint']);
  });

  test('19: the package’s fuses are set', async () => {
    const config = await readFile(join(ROOT, 'electron-builder.yml'), 'utf8');
    const fuses = Object.fromEntries(
      [...config.matchAll(/^ {2}(\w+): (true|false)$/gmu)].map(([, name, value]) => [name, value]),
    );
    expect(fuses).toMatchObject({
      runAsNode: 'false',
      enableNodeOptionsEnvironmentVariable: 'false',
      enableNodeCliInspectArguments: 'false',
      enableEmbeddedAsarIntegrityValidation: 'true',
      onlyLoadAppFromAsar: 'true',
      grantFileProtocolExtraPrivileges: 'false',
    });
  });

  test('20: the page gets two functions and an empty object, and its frames get none', async ({ launch }) => {
    const { page } = await launch();
    const found = await page.evaluate(() => {
      const blank = document.createElement('iframe');
      document.body.append(blank);
      const known = new Set(Object.getOwnPropertyNames(blank.contentWindow));
      const extra = Object.getOwnPropertyNames(window).filter((name) => !known.has(name));
      const { studio } = window as unknown as { studio: Record<string, unknown> };
      return {
        extra,
        studio: Object.fromEntries(Object.entries(studio).map(([name, value]) => [name, typeof value])),
        frozen: Object.isFrozen(studio),
        writable: Object.getOwnPropertyDescriptor(window, 'studio')?.writable ?? false,
        frame: typeof (blank.contentWindow as unknown as { studio: unknown }).studio,
        node: ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer'].filter((name) => name in window),
      };
    });
    // What the page's own libraries and Playwright leave behind was not given to it.
    const known = /^(?:__svelte|bits|__playwright|\d+$)/u;
    expect(found.extra.filter((name) => !known.test(name))).toEqual(['studio']);
    expect({ ...found, extra: [] }).toEqual({
      extra: [],
      studio: { call: 'function', subscribe: 'function', uploadHeaders: 'object' },
      frozen: true,
      writable: false,
      frame: 'undefined',
      node: [],
    });
  });
});

test.describe(`keys and the library, ${WHERE}`, () => {
  test.skip(REAL, 'needs a keychain and message boxes that a test can replace');

  test('a key is kept in the keychain, works after a restart, and is in no file and on no page', async ({
    launch,
    home,
  }) => {
    const environment = { STANDIN_KEYCHAIN: 'gnome_libsecret' };
    const draft = { id: null, name: 'Own', baseUrl: 'http://127.0.0.1:9/v1', organisation: null, project: null };
    const first = await launch({ environment });
    const saved = await first.page.evaluate(
      async ([profile, key]) => {
        const outcome = (await window.studio.call('profiles.save', profile)) as { ok: { id: string } };
        return window.studio.call('profiles.setKey', { profileId: outcome.ok.id, key });
      },
      [draft, KEY] as const,
    );
    expect(saved).toMatchObject({ ok: { key: 'encrypted' } });
    await first.app.quit();

    const again = await launch({ environment });
    const settings = await again.page.evaluate(() => window.studio.call('settings.get', {}));
    expect(JSON.stringify(settings)).toContain('"key":"encrypted"');
    const spellings = [KEY, Buffer.from(KEY).toString('base64').slice(0, -3), Buffer.from(KEY).toString('hex')];
    for (const spelling of spellings) expect(JSON.stringify([saved, settings])).not.toContain(spelling);
    for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name));
      for (const spelling of spellings) expect.soft(bytes.includes(spelling), entry.name).toBe(false);
    }
  });

  test('without a keychain a key is forgotten when the program quits, and the page says so', async ({ launch }) => {
    const { page } = await launch();
    const host = await page.evaluate(() => window.studio.call('host.info', {}));
    expect(host).toMatchObject({
      ok: {
        capabilities: { keepKeys: false },
        keysNote: expect.stringMatching(/^Your keys are forgotten when Emulsion quits/u),
      },
    });
  });

  test('a library folder that cannot be used is reported in one sentence, and the program quits', async ({ home }) => {
    const file = join(home, 'not-a-folder');
    await writeFile(file, 'something else');
    const { code, said } = await runDesktop({ home, args: ['--library', join(file, 'library')] });
    expect(code).toBe(1);
    expect(said).toMatch(/^Emulsion: .*not-a-folder.*\.$/mu);
    expect(said).not.toMatch(/^\s+at /mu);
  });
});
