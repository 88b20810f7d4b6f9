import { describe, expect, it } from 'vitest';
import type { RunId } from '../../electron/contract/entities/ids.ts';
import type { Run } from '../../electron/contract/entities/runs.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { StudioError } from '../../electron/contract/errors/errors.ts';
import { CurrentLibrary } from '../../electron/studio/current-library.ts';
import type { LibrarySession } from '../../electron/studio/library-session.ts';

/** Sessions that only say what happens to them. */
function scriptedLibraries() {
  const happened: string[] = [];
  const events: StudioEvent[] = [];
  let opened = 0;
  const state = { runs: [] as Run[], refusal: null as Error | null };
  const open = async ({ folder }: { folder: string }): Promise<LibrarySession> => {
    if (state.refusal) throw state.refusal;
    const name = `${folder} ${(opened += 1)}`;
    happened.push(`opened ${name}`);
    return {
      folder,
      dispatch: async (endpoint: string) => ({ ok: `${endpoint} of ${name}` }),
      subscribe: () => () => undefined,
      unfinishedJobs: () => [],
      openRuns: () => state.runs,
      close: async () => void happened.push(`closed ${name}`),
    } as unknown as LibrarySession;
  };
  return { happened, events, state, options: { open, emit: (event: StudioEvent) => void events.push(event) } };
}

describe('the current library', () => {
  it('is opened again after work on its closed folder; calls wait meanwhile', async () => {
    const { happened, events, options } = scriptedLibraries();
    const current = await CurrentLibrary.open(options, { folder: '/one' });
    const working = Promise.withResolvers<undefined>();

    const worked = current.whileClosed(async (folder, control) => {
      happened.push(`worked on ${folder}`);
      await working.promise;
      control.say('Done.');
    });
    const call = current.dispatch('jobs.list', {});
    working.resolve(undefined);

    expect(await call).toEqual({ ok: 'jobs.list of /one 2' });
    await worked;
    expect(happened).toEqual(['opened /one 1', 'closed /one 1', 'worked on /one', 'opened /one 2']);
    expect(events).toEqual([{ type: 'library-opened', folder: '/one', said: 'Done.' }]);
  });

  it('is opened again after work that failed, which its caller is told', async () => {
    const { happened, events, options } = scriptedLibraries();
    const current = await CurrentLibrary.open(options, { folder: '/one' });

    await expect(current.whileClosed(() => Promise.reject(new Error('no room')))).rejects.toThrow('no room');

    expect(happened.at(-1)).toBe('opened /one 2');
    expect(events.at(-1)).toMatchObject({
      type: 'library-opened',
      said: 'Something went wrong in Emulsion. The log has the details.',
    });
    expect(await current.dispatch('host.info', {})).toEqual({ ok: 'host.info of /one 2' });
  });

  it('tells how far its work is, and answers when that is cancelled', async () => {
    const { events, options } = scriptedLibraries();
    const current = await CurrentLibrary.open(options, { folder: '/one' });
    const run = { id: '0190a000-0000-7000-8000-000000000001' as RunId, kind: 'rebuild' as const };
    const begun = Promise.withResolvers<undefined>();

    const worked = current.whileClosed(async (_folder, { signal, progress }) => {
      begun.resolve(undefined);
      progress(1, 3, 'Reading');
      await new Promise((_done, fail) => signal.addEventListener('abort', () => fail(signal.reason as Error)));
    }, run);
    await begun.promise;
    expect(await current.dispatch('runs.cancel', { runId: run.id })).toMatchObject({
      ok: { id: run.id, done: 1, total: 3, name: 'Reading' },
    });

    await expect(worked).rejects.toThrow('The rebuild was cancelled. Nothing was changed.');
    expect(events.map(({ type }) => type)).toEqual(['run', 'run', 'library-opened']);
    expect(events.at(-1)).toMatchObject({ said: 'The rebuild was cancelled. Nothing was changed.' });
  });

  it('says why it can’t be opened again, to every later call', async () => {
    const { state, options } = scriptedLibraries();
    const current = await CurrentLibrary.open(options, { folder: '/one' });
    state.refusal = new StudioError({ code: 'library-damaged', message: 'It is damaged.' });

    await expect(current.whileClosed(async () => undefined)).rejects.toThrow('It is damaged.');

    const outcome = await current.dispatch('host.info', {});
    expect(outcome).toMatchObject({ error: { code: 'library-damaged', message: 'It is damaged.' } });
    await current.close();
  });

  it('stays while long work goes on, and while another one is being opened', async () => {
    const { happened, state, options } = scriptedLibraries();
    const current = await CurrentLibrary.open(options, { folder: '/one' });
    state.runs = [{ kind: 'import' } as Run];
    await expect(current.switchTo('/two')).rejects.toThrow(
      'An import, an export or other work on this library goes on.',
    );
    state.runs = [];

    const first = current.switchTo('/two');
    await expect(current.switchTo('/three')).rejects.toThrow('A library is already being opened.');
    await first;

    expect(happened).toEqual(['opened /one 1', 'opened /two 2', 'closed /one 1']);
  });
});
