import { afterEach, beforeEach, describe, expect, test, vi, type MockInstance } from 'vitest';
import { StudioError } from '../../electron/contract/errors/errors.ts';
import type { Rebuilt } from '../../electron/library/rebuild/rebuild-library.ts';
import { emptyTally } from '../../electron/library/rebuild/tally.ts';
import type { AppLog } from '../../electron/log/log.ts';
import { RefusedLibrary } from '../../electron/studio/refused-library.ts';
import {
  openWithRetry,
  startupQuestion,
  type OpenRequest,
  type StartupDialogs,
  type StartupQuestion,
} from '../../electron/desktop/startup.ts';

const LOCKED = new StudioError({ code: 'library-locked', message: 'Another Emulsion has this library open.' });

describe('startupQuestion', () => {
  test('offers another folder for a problem with the library', () => {
    expect(startupQuestion(LOCKED)).toMatchObject({
      message: 'The library could not be opened',
      detail: 'Another Emulsion has this library open.',
      buttons: ['Choose another folder…', 'Try again', 'Quit'],
      cancelId: 2,
    });
  });

  test('shows a sentence, never a stack', () => {
    const question = startupQuestion(new TypeError('x is not a function'));
    expect(question.buttons).toEqual(['Quit']);
    expect(question.detail).not.toMatch(/TypeError|not a function|\.ts:/u);
  });
});

describe('openWithRetry', () => {
  const OPEN = { name: 'studio' };
  let said: MockInstance<typeof console.error>;
  let asked: StartupQuestion[];
  let shown: string[];
  const log = { error: vi.fn<AppLog['error']>(), warn: vi.fn<AppLog['warn']>() };
  beforeEach(() => {
    vi.resetAllMocks();
    asked = [];
    shown = [];
    said = vi.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(() => said.mockRestore());

  /** Clicks the buttons and chooses the folders in order. */
  function person(presses: number[], folders: (string | null)[] = []): StartupDialogs {
    return {
      ask(question) {
        asked.push(question);
        return Promise.resolve(presses.shift() ?? 2);
      },
      chooseFolder: () => Promise.resolve(folders.shift() ?? null),
      showFolder: (folder) => Promise.resolve(void shown.push(folder)),
    };
  }

  /** The only folder that can be opened. */
  const openOnly =
    (right: string | null, tried: (string | null)[] = []) =>
    async ({ folder }: OpenRequest): Promise<typeof OPEN> => {
      tried.push(folder);
      if (folder !== right) throw LOCKED;
      return OPEN;
    };

  test('opens the chosen folder after retries, and saves it', async () => {
    const tried: (string | null)[] = [];
    const remember = vi.fn<(opened: object, folder: string) => Promise<void>>(() => Promise.resolve());
    const dialogs = person([1, 0, 0], [null, '/there']);
    expect(await openWithRetry(openOnly('/there', tried), dialogs, remember, log)).toBe(OPEN);
    expect(tried).toEqual([null, null, null, '/there']);
    expect(remember.mock.calls).toEqual([[OPEN, '/there']]);
    expect(said.mock.calls).toEqual(
      Array.from({ length: 3 }, () => ['Emulsion: Another Emulsion has this library open.']),
    );
    expect(log.warn.mock.calls).toEqual(Array.from({ length: 3 }, () => ['Another Emulsion has this library open.']));
  });

  test('doesn’t save a folder that wasn’t chosen here', async () => {
    const remember = vi.fn<() => Promise<void>>();
    expect(await openWithRetry(openOnly(null), person([]), remember, log)).toBe(OPEN);
    expect(remember).not.toHaveBeenCalled();
  });

  test('uses a folder that can’t be saved, with a notice', async () => {
    const full = new StudioError({ code: 'disk-full', message: 'The disk is full, so the settings were not saved.' });
    const dialogs = person([0, 0], ['/there']);
    expect(await openWithRetry(openOnly('/there'), dialogs, () => Promise.reject(full), log)).toBe(OPEN);
    expect(asked.at(-1)).toMatchObject({
      message: 'This library wasn’t saved as the default',
      detail: 'The disk is full, so the settings were not saved.',
      buttons: ['Continue'],
    });
    expect(log.error).toHaveBeenLastCalledWith('The library folder was not saved for the next start', full);
  });

  test('opens a library that its database doesn’t know only when asked to, and shows its folder', async () => {
    const counts = { originals: 3, records: 2, unknownOriginals: 3, unknownRecords: 2 };
    const detail = { kind: 'library-incomplete', folder: '/mine', state: 'missing', ...counts } as const;
    const incomplete = new StudioError({ code: 'library-incomplete', detail });
    const tried: OpenRequest[] = [];
    const open = async (request: OpenRequest): Promise<typeof OPEN> => {
      tried.push(request);
      if (!request.openAnyway) throw incomplete;
      return OPEN;
    };
    const never = (): Promise<void> => Promise.reject(new Error('not to be asked'));
    expect(await openWithRetry(open, person([3, 2, 4]), never, log)).toBe(OPEN);
    expect(tried.map(({ openAnyway }) => openAnyway)).toEqual([false, false, false, true]);
    expect(shown).toEqual(['/mine']);
    expect(asked[0]).toMatchObject({
      buttons: ['Rebuild from records', 'Choose another folder…', 'Try again', 'Show folder', 'Open anyway', 'Quit'],
      defaultId: 0,
      cancelId: 5,
    });
    expect(asked[0]?.detail).toMatch(
      /^The library in \/mine has 3 image files and 2 records, but its database, library\.db, is missing\./u,
    );
  });

  const REBUILT: Rebuilt = {
    restored: { ...emptyTally(), images: 12_846, requests: 9000 },
    unused: 1,
    unusedRecords: [],
    missingFiles: 0,
    unlistedFiles: 2,
    kept: 'library-before-2026-12-02T10-00-00.db',
  };
  const DAMAGED = new StudioError({ code: 'library-damaged', message: 'The database is damaged.' });

  test('rebuilds the database when asked to, says so meanwhile, and then what came back', async () => {
    const tried: OpenRequest[] = [];
    const open = (request: OpenRequest): Promise<typeof OPEN> => {
      tried.push(request);
      if (!request.rebuild) return Promise.reject(DAMAGED);
      request.rebuild.rebuilt(REBUILT);
      return Promise.resolve(OPEN);
    };
    const closed: boolean[] = [];
    const dialogs: StartupDialogs = {
      ...person([0]),
      ask(question, signal) {
        asked.push(question);
        if (!signal) return Promise.resolve(0);
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve(closed.push(true) - 1)));
      },
    };
    expect(await openWithRetry(open, dialogs, () => Promise.resolve(), log)).toBe(OPEN);
    expect(tried).toHaveLength(2);
    expect(tried[1]?.rebuild?.signal.aborted).toBe(false);
    expect(closed).toEqual([true]);
    expect(asked.map(({ message, buttons }) => [message, buttons?.[0]])).toEqual([
      ['The library could not be opened', 'Rebuild from records'],
      ['Rebuilding the library…', 'Cancel'],
      ['The library was rebuilt', 'Continue'],
    ]);
    expect(asked[2]?.detail).toBe(
      '12,846 images and 9,000 requests were restored from the library’s records. 1 record couldn’t be read and stays as it is. 2 image files have no record and stay in the originals folder. The old database is kept as library-before-2026-12-02T10-00-00.db.',
    );
  });

  test('a rebuild that is cancelled changes nothing, and the question is asked again', async () => {
    const tried: OpenRequest[] = [];
    const open = ({ rebuild, ...request }: OpenRequest): Promise<typeof OPEN> => {
      tried.push({ rebuild, ...request });
      if (!rebuild) return Promise.reject(DAMAGED);
      return new Promise((_, reject) =>
        rebuild.signal.addEventListener('abort', () => reject(rebuild.signal.reason as Error)),
      );
    };
    // Rebuild, cancel, quit.
    expect(await openWithRetry(open, person([0, 0, 3]), () => Promise.resolve(), log)).toBeNull();
    expect(tried.map(({ rebuild }) => rebuild !== undefined)).toEqual([false, true, false]);
    expect(asked.map(({ message }) => message)).toEqual([
      'The library could not be opened',
      'Rebuilding the library…',
      'The library could not be opened',
    ]);
  });

  const SNAPSHOT = {
    name: '2026-12-02T09-30-00.000Z-daily.db',
    madeAt: new Date(2026, 11, 2, 10, 30).getTime(),
    images: 7,
  };
  const REFUSED = new RefusedLibrary(DAMAGED.report, SNAPSHOT, DAMAGED);

  test('offers the newest snapshot beside the rebuild, says what each brings back, and restores it when asked to', async () => {
    const tried: OpenRequest[] = [];
    const open = (request: OpenRequest): Promise<typeof OPEN> => {
      tried.push(request);
      if (!request.restore) return Promise.reject(REFUSED);
      request.restore.restored({ taken: 3, unused: 0, unlisted: 0, kept: null }, SNAPSHOT);
      return Promise.resolve(OPEN);
    };
    const dialogs: StartupDialogs = {
      ...person([]),
      ask(question, signal) {
        asked.push(question);
        if (!signal) return Promise.resolve(asked.length === 1 ? 1 : 0);
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve(0)));
      },
    };
    expect(await openWithRetry(open, dialogs, () => Promise.resolve(), log)).toBe(OPEN);
    expect(tried.map(({ restore, rebuild }) => [restore?.snapshot, rebuild])).toEqual([
      [undefined, undefined],
      [SNAPSHOT, undefined],
    ]);
    expect(asked[0]?.buttons).toEqual([
      'Rebuild from records',
      'Restore snapshot',
      'Choose another folder…',
      'Try again',
      'Quit',
    ]);
    expect(asked[0]?.detail).toMatch(
      /^The database is damaged\..*\n\nRebuild from records brings back .*\n\nRestore snapshot brings back/su,
    );
    expect(asked[0]?.detail).toContain('2 December 2026 at 10:30 (7 images)');
    expect(asked.slice(1).map(({ message, detail }) => [message, detail])).toEqual([
      ['Restoring the snapshot…', expect.stringContaining('A database that is there stays in its place')],
      [
        'The snapshot was restored',
        'The snapshot was restored. What was received or imported since was added from 3 records.',
      ],
    ]);
  });

  test('a restore that is cancelled changes nothing, and the question is asked again', async () => {
    const open = ({ restore }: OpenRequest): Promise<typeof OPEN> => {
      if (!restore) return Promise.reject(REFUSED);
      return new Promise((_, reject) =>
        restore.signal.addEventListener('abort', () => reject(restore.signal.reason as Error)),
      );
    };
    // Restore, cancel, quit.
    expect(await openWithRetry(open, person([1, 0, 4]), () => Promise.resolve(), log)).toBeNull();
    expect(asked.map(({ message }) => message)).toEqual([
      'The library could not be opened',
      'Restoring the snapshot…',
      'The library could not be opened',
    ]);
  });

  test('returns null if the person quits', async () => {
    const never = (): Promise<void> => Promise.reject(new Error('not to be asked'));
    expect(await openWithRetry(openOnly('/there'), person([2]), never, log)).toBeNull();
  });
});
