import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultFolders } from '../../electron/loopback/folders.ts';
import { hasBrowser } from '../../electron/loopback/open-browser.ts';
import { readOptions } from '../../electron/loopback/options.ts';

describe('options', () => {
  test('have defaults and are all parsed', () => {
    expect(readOptions([])).toEqual({
      port: null,
      library: null,
      demo: false,
      openAnyway: false,
      rebuild: false,
      restoreSnapshot: false,
      open: true,
    });
    expect(readOptions(['--port', '8080', '--library', 'images', '--demo', '--no-open'])).toEqual({
      port: 8080,
      library: resolve('images'),
      demo: true,
      openAnyway: false,
      rebuild: false,
      restoreSnapshot: false,
      open: false,
    });
    expect(readOptions(['--open-anyway'])).toMatchObject({ openAnyway: true });
    expect(readOptions(['--rebuild'])).toMatchObject({ rebuild: true });
    expect(readOptions(['--restore-snapshot'])).toMatchObject({ restoreSnapshot: true });
    expect(readOptions(['--port=0'])).toMatchObject({ port: 0 });
  });

  test.each([
    ['--port'],
    ['--port=x'],
    ['--port=-1'],
    ['--port=65536'],
    ['--port=1.5'],
    ['--port='],
    ['--port=0x50'],
    ['--port', '--demo'],
    ['--library'],
    ['--library='],
    ['--demo=yes'],
    ['--open'],
    ['--help-me'],
    ['-x'],
    ['somewhere'],
    ['--library', 'a', 'b'],
  ])('%j %j is reported in one line', (...args) => {
    const read = readOptions(args);
    expect(read).toEqual({ problem: expect.stringMatching(/^[^\n]{10,160}$/u) as string });
  });
});

describe('folders', () => {
  test('follow each platform', () => {
    expect(defaultFolders({}, 'linux', '/home/a').preferences).toBe('/home/a/.config/Emulsion');
    expect(defaultFolders({ XDG_CONFIG_HOME: '/x' }, 'linux', '/home/a').preferences).toBe('/x/Emulsion');
    expect(defaultFolders({ XDG_CONFIG_HOME: 'x' }, 'linux', '/home/a').preferences).toBe('/home/a/.config/Emulsion');
    expect(defaultFolders({}, 'darwin', '/Users/a').preferences).toBe('/Users/a/Library/Application Support/Emulsion');
    expect(defaultFolders({}, 'linux', '/nowhere').library).toBe('/nowhere/Pictures/Emulsion');
  });

  test('the images folder has the desktop’s localized name', async () => {
    const home = await mkdtemp(join(tmpdir(), 'emulsion-home-'));
    try {
      await mkdir(join(home, '.config'));
      const file = join(home, '.config/user-dirs.dirs');
      await writeFile(file, '# comment\nXDG_MUSIC_DIR="$HOME/Musik"\nXDG_PICTURES_DIR="$HOME/Bilder"\n');
      expect(defaultFolders({}, 'linux', home).library).toBe(join(home, 'Bilder/Emulsion'));
      await writeFile(file, 'XDG_PICTURES_DIR="/data/images"\n');
      expect(defaultFolders({}, 'linux', home).library).toBe('/data/images/Emulsion');
    } finally {
      await rm(home, { recursive: true });
    }
  });

  test('are both in EMULSION_HOME if it is set', () => {
    expect(defaultFolders({ EMULSION_HOME: '/e' })).toEqual({
      preferences: resolve('/e/preferences'),
      library: resolve('/e/library'),
    });
  });
});

describe('the default browser', () => {
  test('is opened only with a display', () => {
    expect(hasBrowser({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasBrowser({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasBrowser({}, 'linux')).toBe(false);
    expect(hasBrowser({ DISPLAY: ':0', CI: 'true' }, 'linux')).toBe(false);
    expect(hasBrowser({}, 'darwin')).toBe(true);
    expect(hasBrowser({ SSH_CONNECTION: 'x' }, 'darwin')).toBe(false);
  });
});
