import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DraftHead } from '../../../../electron/contract/drafts.ts';
import type { DraftId, NodeId } from '../../../../electron/contract/entities.ts';
import { DraftKeeper } from '../../../../renderer/canvas/drafts/DraftKeeper.svelte.ts';
import { scriptedStudio } from '../../state/scripted-studio.ts';

const DRAFT = '0190a000-0000-7000-8000-000000000001' as DraftId;
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
});
