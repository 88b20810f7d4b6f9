import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseOptions } from '../../electron/desktop/options.ts';

const HERE = resolve('/home/someone');
const none = { libraryFolder: null, demo: false };

describe('parseOptions', () => {
  test('accepts no arguments, and its own options', () => {
    expect(parseOptions([], HERE, 0)).toEqual({ options: none });
    expect(parseOptions(['--demo', '--library', 'images'], HERE, 0)).toEqual({
      options: { ...none, demo: true, libraryFolder: resolve(HERE, 'images') },
    });
    expect(parseOptions(['--library=a=b'], HERE, 0)).toEqual({
      options: { ...none, libraryFolder: resolve(HERE, 'a=b') },
    });
  });

  test('skips the application’s path if Electron was started with one', () => {
    expect(parseOptions(['--inspect=0', '.', '--demo'], HERE, 1)).toEqual({ options: { ...none, demo: true } });
    expect(parseOptions(['.', 'holiday.png'], HERE, 1)).toEqual({
      problem: 'Unknown option “holiday.png”. Options: --library DIR, --demo.',
    });
  });

  test.each([
    '--no-sandbox',
    '--disable-gpu',
    '--enable-features=UseOzonePlatform',
    '--password-store=basic',
    '--remote-debugging-port=0',
    '--v=1',
    '--user-data-dir=elsewhere',
    '--squirrel-firstrun',
    '-psn_0_12345',
  ])('ignores %s, a switch of Chromium, Node or the system', (argument) => {
    expect(parseOptions([argument], HERE, 0)).toEqual({ options: none });
  });

  test.each([['--libary'], ['--demo=yes'], ['-d'], ['holiday.png'], ['--'], ['--vortex']])(
    'rejects %s with one line of usage',
    (argument) => {
      expect(parseOptions([argument], HERE, 0)).toEqual({
        problem: `Unknown option “${argument}”. Options: --library DIR, --demo.`,
      });
    },
  );

  test.each([[['--library']], [['--library', '--demo']], [['--library=']]])(
    'reports the missing folder in %j',
    (args) => {
      expect(parseOptions(args, HERE, 0)).toEqual({
        problem: '--library needs a folder. Options: --library DIR, --demo.',
      });
    },
  );
});
