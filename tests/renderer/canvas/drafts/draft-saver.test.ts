import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DraftHead } from '../../../../electron/contract/entities/drafts.ts';
import type { DraftId, NodeId } from '../../../../electron/contract/entities.ts';
import { DraftKeeper } from '../../../../renderer/canvas/drafts/DraftSaver.svelte.ts';
import { scriptedStudio } from '../../state/scripted-studio.ts';

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
    'drafts.putSteps': ({ from, steps }: { from: number; steps: string[] }) => {
      if (state.away || kept.head === null || from > kept.steps.length) return refused();
      kept.steps = [...kept.steps.slice(0, from), ...steps];
      return null;
    },
  });
  return { ...scripted, kept, state };
}

beforeEach(() => localStorage.clear());
afterEach(() => localStorage.clear());

describe('keeping a draft', () => {
  test('the draft is there before its steps are, and steps come in their order', async () => {
    const { studio, kept, calls } = keptStudio();
    const keeper = new DraftKeeper(studio);
    keeper.keepHead(head('one'));
    keeper.keepSteps(DRAFT, ROOT, 0, ['a']);
    keeper.keepSteps(DRAFT, ROOT, 1, ['b']);
    keeper.keepSteps(DRAFT, ROOT, 2, ['c']);
    await keeper.flush();
    expect(kept.head?.name).toBe('one');
    expect(kept.steps).toEqual(['a', 'b', 'c']);
    expect(calls[0]?.endpoint).toBe('drafts.save');
  });

  test('a step after an undo takes the place of what was taken back, also while that is on its way', async () => {
    const { studio, kept } = keptStudio();
    const keeper = new DraftKeeper(studio);
    keeper.keepHead(head('one'));
    keeper.keepSteps(DRAFT, ROOT, 0, ['a', 'b', 'c']);
    keeper.keepSteps(DRAFT, ROOT, 1, ['d']);
    await keeper.flush();
    await keeper.flush();
    expect(kept.steps).toEqual(['a', 'd']);
    keeper.keepSteps(DRAFT, ROOT, 0, ['e']);
    await keeper.flush();
    expect(kept.steps).toEqual(['e']);
  });

  test('what could not be kept is told of, and kept as soon as the library is there again', async () => {
    const { studio, kept, state } = keptStudio();
    const keeper = new DraftKeeper(studio);
    state.away = true;
    keeper.keepHead(head('one'));
    keeper.keepSteps(DRAFT, ROOT, 0, ['a']);
    await keeper.flush();
    expect(keeper.error?.message).toBe('Away.');
    state.away = false;
    keeper.keepSteps(DRAFT, ROOT, 1, ['b']);
    await keeper.flush();
    expect(keeper.error).toBeNull();
    expect(kept.steps).toEqual(['a', 'b']);
  });

  test('a page that goes away leaves the rest to the next one', async () => {
    const first = keptStudio();
    const keeper = new DraftKeeper(first.studio);
    first.state.away = true;
    keeper.keepHead(head('last words'));
    keeper.keepSteps(DRAFT, ROOT, 0, ['a', 'b']);
    await keeper.flush();
    keeper.leave();

    const second = keptStudio();
    await new DraftKeeper(second.studio).recover();
    expect(second.kept.head?.name).toBe('last words');
    expect(second.kept.steps).toEqual(['a', 'b']);
    // It is told once.
    const third = keptStudio();
    await new DraftKeeper(third.studio).recover();
    expect(third.calls).toEqual([]);
  });

  test('more than one call carries goes out in several, in order', async () => {
    const { studio, kept, calls } = keptStudio();
    const keeper = new DraftKeeper(studio);
    keeper.keepHead(head('one'));
    const steps = Array.from({ length: 5 }, (_none, place) => String(place).repeat(600_000));
    keeper.keepSteps(DRAFT, ROOT, 0, steps);
    await keeper.flush();
    expect(kept.steps).toEqual(steps);
    expect(calls.filter(({ endpoint }) => endpoint === 'drafts.putSteps')).toHaveLength(3);
  });

  test('storage that holds something else is no draft', async () => {
    localStorage.setItem('emulsion.canvas.unsaved', '{"head":');
    const { studio, calls } = keptStudio();
    await new DraftKeeper(studio).recover();
    expect(calls).toEqual([]);
  });

  test('what was left with the page is not brought back either where another draft is still refused', async () => {
    const { studio, kept, answers } = keptStudio();
    const save = answers['drafts.save'];
    answers['drafts.save'] = (draft: never) =>
      (draft as DraftHead).id === OTHER
        ? { refusal: { code: 'not-found', message: 'Its picture is gone.', billing: 'none' } }
        : save?.(draft);
    const keeper = new DraftKeeper(studio);
    keeper.keepHead({ ...head('refused'), id: OTHER });
    keeper.keepHead(head('one'));
    keeper.keepSteps(DRAFT, ROOT, 0, ['a']);
    keeper.leave();
    await keeper.flush();
    keeper.keepSteps(DRAFT, ROOT, 1, ['b', 'c']);
    await keeper.flush();
    const next = new DraftKeeper(studio);
    await next.recover();
    expect(kept.steps).toEqual(['a', 'b', 'c']);
    // The refused one is still there to be kept.
    expect(next.headOf({ ...head(''), id: OTHER }).name).toBe('refused');
  });

  test('what was refused is there for the next page, also when this one is killed', async () => {
    const first = keptStudio();
    first.state.away = true;
    const keeper = new DraftKeeper(first.studio);
    keeper.keepHead(head('one'));
    keeper.keepSteps(DRAFT, ROOT, 0, ['a']);
    await keeper.flush();
    const second = keptStudio();
    await new DraftKeeper(second.studio).recover();
    expect(second.kept.steps).toEqual(['a']);
  });

  test('what was left with the page is not brought back over what was kept since: nothing says that a page ends', async () => {
    const { studio, kept } = keptStudio();
    const keeper = new DraftKeeper(studio);
    keeper.keepHead(head('one'));
    keeper.keepSteps(DRAFT, ROOT, 0, ['a']);
    // The window is hidden while that is on its way, and comes back.
    keeper.leave();
    await keeper.flush();
    keeper.keepHead(head('two'));
    keeper.keepSteps(DRAFT, ROOT, 1, ['b', 'c']);
    await keeper.flush();
    // The program is killed, and started again.
    await new DraftKeeper(studio).recover();
    expect(kept.steps).toEqual(['a', 'b', 'c']);
    expect(kept.head?.name).toBe('two');
  });

  test('steps after an undo stay in their order while the library is away', async () => {
    const { studio, kept, state } = keptStudio();
    const keeper = new DraftKeeper(studio);
    keeper.keepHead(head('one'));
    keeper.keepSteps(DRAFT, ROOT, 0, ['a', 'b', 'c', 'd', 'e']);
    await keeper.flush();
    state.away = true;
    keeper.keepSteps(DRAFT, ROOT, 5, ['f']);
    await keeper.flush();
    // Four are taken back, and five made.
    for (const [place, step] of ['B', 'C', 'D', 'E', 'F'].entries()) keeper.keepSteps(DRAFT, ROOT, 1 + place, [step]);
    await keeper.flush();
    state.away = false;
    await keeper.flush();
    expect(kept.steps).toEqual(['a', 'B', 'C', 'D', 'E', 'F']);
  });

  test('a step that says the same as the one that it takes the place of ends the history all the same', async () => {
    const { studio, kept, answers } = keptStudio();
    const keeper = new DraftKeeper(studio);
    keeper.keepHead(head('one'));
    await keeper.flush();
    const put = answers['drafts.putSteps'];
    const held = Promise.withResolvers<null>();
    answers['drafts.putSteps'] = async (change: never) => {
      await held.promise;
      return put?.(change);
    };
    keeper.keepSteps(DRAFT, ROOT, 0, ['a', 'fill', 'c']);
    keeper.keepSteps(DRAFT, ROOT, 1, ['fill']);
    held.resolve(null);
    await keeper.flush();
    await keeper.flush();
    expect(kept.steps).toEqual(['a', 'fill']);
  });

  test('a draft that the library refuses does not keep the others from being kept', async () => {
    const saved: string[] = [];
    const { studio } = scriptedStudio({
      'drafts.save': (draft: DraftHead) => {
        saved.push(draft.name);
        return { ...draft, createdAt: 1, updatedAt: 1 };
      },
      'drafts.putSteps': ({ draftId }: { draftId: DraftId }) => {
        if (draftId === DRAFT)
          return {
            refusal: { code: 'not-found', message: 'This draft is no longer in the library.', billing: 'none' },
          };
        saved.push('steps');
        return null;
      },
    });
    const keeper = new DraftKeeper(studio);
    keeper.knows(DRAFT);
    keeper.keepSteps(DRAFT, ROOT, 0, ['a']);
    await keeper.flush();
    keeper.keepHead({ ...head('other'), id: OTHER }, 'now');
    keeper.keepSteps(OTHER, ROOT, 0, ['b']);
    await keeper.flush();
    expect(saved).toEqual(['other', 'steps']);
    expect(keeper.error?.code).toBe('not-found');
  });

  test('a draft that was removed is not brought back by what is told of it afterwards', async () => {
    const { studio, calls } = keptStudio();
    const keeper = new DraftKeeper(studio);
    keeper.knows(DRAFT);
    keeper.forget(DRAFT);
    keeper.keepHead(head('late'), 'now');
    keeper.keepSteps(DRAFT, ROOT, 0, ['a']);
    await keeper.flush();
    expect(calls).toEqual([]);
  });

  test('what the library does not have yet is told to whoever reads the rest from it', async () => {
    const { studio, state } = keptStudio();
    const keeper = new DraftKeeper(studio);
    state.away = true;
    keeper.keepHead(head('two'));
    keeper.keepSteps(DRAFT, ROOT, 1, ['B', 'C']);
    await keeper.flush();
    expect(keeper.stepsOf(DRAFT, ROOT, ['a', 'b', 'c', 'd'])).toEqual(['a', 'B', 'C']);
    expect(keeper.stepsOf(OTHER, ROOT, ['a'])).toEqual(['a']);
    expect(keeper.headOf(head('one')).name).toBe('two');
  });
});
