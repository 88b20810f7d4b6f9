import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DraftHead } from '../../../../electron/contract/entities/drafts.ts';
import type { DraftId, NodeId } from '../../../../electron/contract/entities/ids.ts';
import { DraftSaver } from '../../../../renderer/canvas/drafts/DraftSaver.svelte.ts';
import { scriptedStudio } from '../../state/scripted-studio.ts';

const LIBRARY = (): string => '/pictures/emulsion';
const DRAFT = '0190a000-0000-7000-8000-000000000001' as DraftId;
const OTHER = '0190a000-0000-7000-8000-000000000002' as DraftId;
const ROOT = 'root' as NodeId;
const head = (name: string): DraftHead => ({ id: DRAFT, name, root: null, document: '{}' });

/** A library that keeps what it is given; `away` makes it unreachable. */
function keptStudio() {
  const kept = { head: null as DraftHead | null, steps: [] as string[] };
  const state = { away: false };
  const refused = () => ({ refusal: { code: 'server-unreachable', message: 'Away.', billing: 'none' } });
  const scripted = scriptedStudio({
    'drafts.save': (draft: DraftHead) => {
      if (state.away) return refused();
      kept.head = draft;
      return { ...draft, createdAt: 1, updatedAt: 1 };
    },
    'drafts.saveSteps': ({ from, steps }: { from: number; steps: string[] }) => {
      if (state.away || kept.head === null || from > kept.steps.length) return refused();
      kept.steps = [...kept.steps.slice(0, from), ...steps];
      return null;
    },
  });
  return { ...scripted, kept, state };
}

beforeEach(() => localStorage.clear());
afterEach(() => localStorage.clear());

describe('saving a draft', () => {
  test('the draft is saved before its steps, and steps in order', async () => {
    const { studio, kept, calls } = keptStudio();
    const saver = new DraftSaver(studio, LIBRARY);
    saver.queueHead(head('one'));
    saver.queueSteps(DRAFT, ROOT, 0, ['a']);
    saver.queueSteps(DRAFT, ROOT, 1, ['b']);
    saver.queueSteps(DRAFT, ROOT, 2, ['c']);
    await saver.flush();
    expect(kept.head?.name).toBe('one');
    expect(kept.steps).toEqual(['a', 'b', 'c']);
    expect(calls[0]?.endpoint).toBe('drafts.save');
  });

  test('a step after an undo replaces the undone ones, also while they are being saved', async () => {
    const { studio, kept } = keptStudio();
    const saver = new DraftSaver(studio, LIBRARY);
    saver.queueHead(head('one'));
    saver.queueSteps(DRAFT, ROOT, 0, ['a', 'b', 'c']);
    saver.queueSteps(DRAFT, ROOT, 1, ['d']);
    await saver.flush();
    await saver.flush();
    expect(kept.steps).toEqual(['a', 'd']);
    saver.queueSteps(DRAFT, ROOT, 0, ['e']);
    await saver.flush();
    expect(kept.steps).toEqual(['e']);
  });

  test('a failed save is reported, and retried when the library is available again', async () => {
    const { studio, kept, state } = keptStudio();
    const saver = new DraftSaver(studio, LIBRARY);
    state.away = true;
    saver.queueHead(head('one'));
    saver.queueSteps(DRAFT, ROOT, 0, ['a']);
    await saver.flush();
    expect(saver.error?.message).toBe('Away.');
    state.away = false;
    saver.queueSteps(DRAFT, ROOT, 1, ['b']);
    await saver.flush();
    expect(saver.error).toBeNull();
    expect(kept.steps).toEqual(['a', 'b']);
  });

  test('a page that ends leaves unsaved changes to the next one', async () => {
    const first = keptStudio();
    const saver = new DraftSaver(first.studio, LIBRARY);
    first.state.away = true;
    saver.queueHead(head('last words'));
    saver.queueSteps(DRAFT, ROOT, 0, ['a', 'b']);
    await saver.flush();
    saver.leave();

    const second = keptStudio();
    await new DraftSaver(second.studio, LIBRARY).recover();
    expect(second.kept.head?.name).toBe('last words');
    expect(second.kept.steps).toEqual(['a', 'b']);
    // It is told once.
    const third = keptStudio();
    await new DraftSaver(third.studio, LIBRARY).recover();
    expect(third.calls).toEqual([]);
  });

  test('what a page left is saved to its own library only', async () => {
    const first = keptStudio();
    const saver = new DraftSaver(first.studio, LIBRARY);
    first.state.away = true;
    saver.queueHead(head('of the first library'));
    saver.close();
    // The page ends after another library was opened.
    first.state.away = false;
    saver.leave();
    await saver.flush();
    expect(first.kept.head).toBeNull();

    const other = keptStudio();
    await new DraftSaver(other.studio, () => '/pictures/other').recover();
    expect(other.calls).toEqual([]);
    const again = keptStudio();
    await new DraftSaver(again.studio, LIBRARY).recover();
    expect(again.kept.head?.name).toBe('of the first library');
  });

  test('what an earlier release left is saved', async () => {
    localStorage.setItem(
      'emulsion.canvas.unsaved.0190a000-0000-7000-8000-000000000009',
      JSON.stringify({ heads: [head('of an earlier release')], steps: [] }),
    );
    const { studio, kept } = keptStudio();
    await new DraftSaver(studio, LIBRARY).recover();
    expect(kept.head?.name).toBe('of an earlier release');
  });

  test('more than fits into one call is saved in several, in order', async () => {
    const { studio, kept, calls } = keptStudio();
    const saver = new DraftSaver(studio, LIBRARY);
    saver.queueHead(head('one'));
    const steps = Array.from({ length: 5 }, (_none, place) => String(place).repeat(600_000));
    saver.queueSteps(DRAFT, ROOT, 0, steps);
    await saver.flush();
    expect(kept.steps).toEqual(steps);
    expect(calls.filter(({ endpoint }) => endpoint === 'drafts.saveSteps')).toHaveLength(3);
  });

  test('other content in the storage is ignored', async () => {
    localStorage.setItem('emulsion.canvas.unsaved', '{"head":');
    const { studio, calls } = keptStudio();
    await new DraftSaver(studio, LIBRARY).recover();
    expect(calls).toEqual([]);
  });

  test('saved changes are not restored while another draft still fails', async () => {
    const { studio, kept, answers } = keptStudio();
    const save = answers['drafts.save'];
    answers['drafts.save'] = (draft: never) =>
      (draft as DraftHead).id === OTHER
        ? { refusal: { code: 'not-found', message: 'Its image is gone.', billing: 'none' } }
        : save?.(draft);
    const saver = new DraftSaver(studio, LIBRARY);
    saver.queueHead({ ...head('refused'), id: OTHER });
    saver.queueHead(head('one'));
    saver.queueSteps(DRAFT, ROOT, 0, ['a']);
    saver.leave();
    await saver.flush();
    saver.queueSteps(DRAFT, ROOT, 1, ['b', 'c']);
    await saver.flush();
    const next = new DraftSaver(studio, LIBRARY);
    await next.recover();
    expect(kept.steps).toEqual(['a', 'b', 'c']);
    // The refused one is still there to be kept.
    expect(next.headOf({ ...head(''), id: OTHER }).name).toBe('refused');
  });

  test('failed saves are there for the next page, also if this one is killed', async () => {
    const first = keptStudio();
    first.state.away = true;
    const saver = new DraftSaver(first.studio, LIBRARY);
    saver.queueHead(head('one'));
    saver.queueSteps(DRAFT, ROOT, 0, ['a']);
    await saver.flush();
    const second = keptStudio();
    await new DraftSaver(second.studio, LIBRARY).recover();
    expect(second.kept.steps).toEqual(['a']);
  });

  test('stored changes do not overwrite what was saved since', async () => {
    const { studio, kept } = keptStudio();
    const saver = new DraftSaver(studio, LIBRARY);
    saver.queueHead(head('one'));
    saver.queueSteps(DRAFT, ROOT, 0, ['a']);
    // The window is hidden while that is on its way, and comes back.
    saver.leave();
    await saver.flush();
    saver.queueHead(head('two'));
    saver.queueSteps(DRAFT, ROOT, 1, ['b', 'c']);
    await saver.flush();
    // The program is killed, and started again.
    await new DraftSaver(studio, LIBRARY).recover();
    expect(kept.steps).toEqual(['a', 'b', 'c']);
    expect(kept.head?.name).toBe('two');
  });

  test('steps after an undo keep their order while the library is unavailable', async () => {
    const { studio, kept, state } = keptStudio();
    const saver = new DraftSaver(studio, LIBRARY);
    saver.queueHead(head('one'));
    saver.queueSteps(DRAFT, ROOT, 0, ['a', 'b', 'c', 'd', 'e']);
    await saver.flush();
    state.away = true;
    saver.queueSteps(DRAFT, ROOT, 5, ['f']);
    await saver.flush();
    // Four are taken back, and five made.
    for (const [place, step] of ['B', 'C', 'D', 'E', 'F'].entries()) saver.queueSteps(DRAFT, ROOT, 1 + place, [step]);
    await saver.flush();
    state.away = false;
    await saver.flush();
    expect(kept.steps).toEqual(['a', 'B', 'C', 'D', 'E', 'F']);
  });

  test('a step equal to the one it replaces still ends the history', async () => {
    const { studio, kept, answers } = keptStudio();
    const saver = new DraftSaver(studio, LIBRARY);
    saver.queueHead(head('one'));
    await saver.flush();
    const put = answers['drafts.saveSteps'];
    const held = Promise.withResolvers<null>();
    answers['drafts.saveSteps'] = async (change: never) => {
      await held.promise;
      return put?.(change);
    };
    saver.queueSteps(DRAFT, ROOT, 0, ['a', 'fill', 'c']);
    saver.queueSteps(DRAFT, ROOT, 1, ['fill']);
    held.resolve(null);
    await saver.flush();
    await saver.flush();
    expect(kept.steps).toEqual(['a', 'fill']);
  });

  test('a draft that fails does not stop others from being saved', async () => {
    const saved: string[] = [];
    const { studio } = scriptedStudio({
      'drafts.save': (draft: DraftHead) => {
        saved.push(draft.name);
        return { ...draft, createdAt: 1, updatedAt: 1 };
      },
      'drafts.saveSteps': ({ draftId }: { draftId: DraftId }) => {
        if (draftId === DRAFT)
          return {
            refusal: { code: 'not-found', message: 'This draft is no longer in the library.', billing: 'none' },
          };
        saved.push('steps');
        return null;
      },
    });
    const saver = new DraftSaver(studio, LIBRARY);
    saver.knows(DRAFT);
    saver.queueSteps(DRAFT, ROOT, 0, ['a']);
    await saver.flush();
    saver.queueHead({ ...head('other'), id: OTHER }, 'now');
    saver.queueSteps(OTHER, ROOT, 0, ['b']);
    await saver.flush();
    expect(saved).toEqual(['other', 'steps']);
    expect(saver.error?.code).toBe('not-found');
  });

  test('a deleted draft is not restored by later changes', async () => {
    const { studio, calls } = keptStudio();
    const saver = new DraftSaver(studio, LIBRARY);
    saver.knows(DRAFT);
    saver.forget(DRAFT);
    saver.queueHead(head('late'), 'now');
    saver.queueSteps(DRAFT, ROOT, 0, ['a']);
    await saver.flush();
    expect(calls).toEqual([]);
  });

  test('unsaved changes are included when a draft is read', async () => {
    const { studio, state } = keptStudio();
    const saver = new DraftSaver(studio, LIBRARY);
    state.away = true;
    saver.queueHead(head('two'));
    saver.queueSteps(DRAFT, ROOT, 1, ['B', 'C']);
    await saver.flush();
    expect(saver.stepsOf(DRAFT, ROOT, ['a', 'b', 'c', 'd'])).toEqual(['a', 'B', 'C']);
    expect(saver.stepsOf(OTHER, ROOT, ['a'])).toEqual(['a']);
    expect(saver.headOf(head('one')).name).toBe('two');
  });
});
