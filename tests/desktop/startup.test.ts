import { describe, expect, test, vi } from 'vitest';
import { StudioError } from '../../electron/contract/errors.ts';
import { openWithPatience, startupQuestion, type StartupDialogs } from '../../electron/desktop/startup.ts';

const LOCKED = new StudioError({ code: 'library-locked', message: 'Another Emulsion has this library open.' });

describe('startupQuestion', () => {
  test('offers another folder when the library is at fault', () => {
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

describe('openWithPatience', () => {
  /** Presses the buttons in turn, and chooses the folders in turn. */
  function person(presses: number[], folders: (string | null)[] = []): StartupDialogs {
    return {
      ask: () => Promise.resolve(presses.shift() ?? 2),
      chooseFolder: () => Promise.resolve(folders.shift() ?? null),
    };
  }

  test('opens with what was chosen, once it can', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const tried: (string | null)[] = [];
    const open = async (folder: string | null): Promise<string> => {
      tried.push(folder);
      if (folder !== '/there') throw LOCKED;
      return 'open';
    };
    expect(await openWithPatience(open, person([1, 0, 0], [null, '/there']))).toBe('open');
    expect(tried).toEqual([null, null, null, '/there']);
    expect(said.mock.calls).toEqual(
      Array.from({ length: 3 }, () => ['Emulsion: Another Emulsion has this library open.']),
    );
    said.mockRestore();
  });

  test('gives up when the person does', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    expect(await openWithPatience(() => Promise.reject(LOCKED), person([2]))).toBeNull();
    said.mockRestore();
  });
});
