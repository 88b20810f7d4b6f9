import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { DraftId } from '../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import { Canvas } from '../../../renderer/canvas/Canvas.svelte.ts';
import { writeStep } from '../../../renderer/canvas/drafts/draft-file.ts';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { generation, job, image, uuid } from '../state/scripted-studio.ts';
import { column, input, keptDrafts } from './drafts/stored-drafts.ts';

const INPUTS = [input('a'), input('b'), input('c')] as const;
const DRAFTS = [uuid(1), uuid(2), uuid(3)] as [DraftId, DraftId, DraftId];
const [ONE, TWO, THREE] = DRAFTS;
const IMAGE = image(7).id;

/** A canvas whose library has three drafts, none of them open. */
function opened(library = keptDrafts(INPUTS, { [IMAGE]: () => INPUTS[0] })) {
  for (const [place, id] of DRAFTS.entries()) {
    const root = INPUTS[place]?.sha256 ?? null;
    if (!library.heads.has(id))
      library.heads.set(id, { id, name: `Draft ${place}`, root, document: '', createdAt: place, updatedAt: 1 });
  }
  const canvas = new Canvas(library.studio, new StudioState(library.studio));
  const unlisten = canvas.listen();
  onTestFinished(() => {
    canvas.close();
    unlisten();
  });
  return { ...library, canvas };
}

/** Keeps an endpoint's answers back until the returned function is called. */
function hold(
  { answers }: ReturnType<typeof keptDrafts>,
  endpoint: 'drafts.listJobs' | 'inputs.fromImage',
): () => void {
  const answer = answers[endpoint];
  const held = Promise.withResolvers<null>();
  answers[endpoint] = async (payload: never) => {
    await held.promise;
    return answer?.(payload);
  };
  return () => held.resolve(null);
}

beforeEach(() => localStorage.clear());
afterEach(() => localStorage.clear());

describe('opening drafts', () => {
  test('shows the draft requested last, in any order of loading', async () => {
    const { canvas, answers } = opened();
    await canvas.start();
    const slow = Promise.withResolvers<null>();
    const asked = Promise.withResolvers<null>();
    answers['drafts.listJobs'] = async ({ draftId }: { draftId: DraftId }) => {
      asked.resolve(null);
      if (draftId === TWO) await slow.promise;
      return [];
    };
    const two = canvas.open(TWO);
    await asked.promise;
    const three = canvas.open(THREE);
    await three;
    slow.resolve(null);
    await two;
    expect(canvas.draft?.id).toBe(THREE);
  });

  test('opening a draft twice gives the same one: strokes are not lost in a copy', async () => {
    const { canvas } = opened();
    await canvas.start();
    const [first] = [canvas.open(ONE), canvas.open(ONE)];
    await first;
    const { draft } = canvas;
    draft?.document?.commit(column(0));
    await canvas.open(ONE);
    // From the library too.
    await canvas.openImage(IMAGE);
    expect(canvas.draft).toBe(draft);
    expect(canvas.draft?.document?.mask.marked).toBe(10);
  });

  test('applies job events received while it loads', async () => {
    const library = opened();
    const { canvas, push, answers } = library;
    await canvas.start();
    const request = { ...job(1).request, canvas: { draftId: ONE, node: 'root' } } as Job['request'];
    answers['drafts.listJobs'] = () => [job(1, { request })];
    const go = hold(library, 'inputs.fromImage');
    const steps = answers['drafts.getSteps'];
    const asked = Promise.withResolvers<null>();
    const held = Promise.withResolvers<null>();
    answers['drafts.getSteps'] = async (key: never) => {
      asked.resolve(null);
      await held.promise;
      return steps?.(key);
    };
    const opening = canvas.open(ONE);
    await asked.promise;
    push({ type: 'job', job: job(1, { request, state: 'done' }) });
    held.resolve(null);
    go();
    await opening;
    expect(canvas.draft?.jobs.map(({ state }) => state)).toEqual(['done']);
  });

  test('refuses a draft that is open in another window', async () => {
    const { canvas } = opened();
    await canvas.start();
    await canvas.open(ONE);
    localStorage.clear();
    const other = opened(keptDrafts(INPUTS)).canvas;
    await other.start();
    await other.open(ONE);
    expect(other.draft).toBeNull();
    expect(other.error).toMatchObject({ code: 'unsupported-here' });
    await other.open(TWO);
    expect(other.draft?.id).toBe(TWO);
    canvas.close();
    await other.open(ONE);
    expect(other.draft?.id).toBe(ONE);
  });
});

describe('a draft with steps that cannot be read', () => {
  const LINES = [writeStep(column(0)), writeStep(column(3)), '{"layer":"smudge"}', writeStep(column(5))];

  test('sends nothing, and asks nothing', async () => {
    const { canvas, putStepsFor, calls } = opened();
    putStepsFor(ONE, LINES);
    await canvas.start();
    await canvas.open(ONE);
    expect(await canvas.request?.send()).toBe(false);
    expect(canvas.request?.question).toBeNull();
    expect(calls.filter(({ endpoint }) => endpoint.startsWith('jobs.create'))).toEqual([]);
  });

  test('can be duplicated as far as it can be read; the stored one does not change', async () => {
    const { canvas, heads, putStepsFor, putStepsOf } = opened();
    putStepsFor(ONE, LINES);
    await canvas.start();
    await canvas.open(ONE);
    expect(canvas.draft?.document?.isReadOnly).toBe(true);
    await canvas.duplicateReadable();
    const copy = canvas.draft;
    if (!copy) throw new Error('No draft is open.');
    expect(copy.id).not.toBe(ONE);
    expect(copy.name).toBe('Draft 0 copy');
    expect(copy.document?.isReadOnly).toBe(false);
    copy.document?.commit(column(7));
    await canvas.saver.flush();
    expect(heads.get(copy.id)?.root).toBe(INPUTS[0].sha256);
    expect(putStepsOf(copy.id)).toEqual([...LINES.slice(0, 2), writeStep(column(7))]);
    expect(putStepsOf(ONE)).toEqual(LINES);
  });
});

describe('received images', () => {
  test('do not replace the stage while a dialog about it is open', async () => {
    const { canvas, push } = opened();
    await canvas.start();
    await canvas.open(ONE);
    const { draft, request } = canvas;
    if (!draft || !request) throw new Error('No draft is open.');
    const canvasJob = { ...job(7).request, canvas: { draftId: ONE, node: draft.node } } as Job['request'];
    const done = (id: number): Job =>
      job(id, { request: canvasJob, state: 'done', generations: [generation(7, { images: [image(7)] })] });
    draft.sent = draft.present;
    draft.isWaiting = true;
    request.question = 'nothing-marked';
    push({ type: 'job', job: done(7) });
    await canvas.saver.flush();
    expect(draft.node).toBe('root');
    request.question = null;
    push({ type: 'job', job: done(8) });
    await expect.poll(() => draft.node).toBe(IMAGE);
  });
});

describe('removing drafts', () => {
  test('a deleted draft is not restored by pending saves', async () => {
    const library = opened();
    const { canvas, heads, calls } = library;
    await canvas.start();
    await canvas.open(ONE);
    const { draft } = canvas;
    const go = hold(library, 'inputs.fromImage');
    const going = draft?.goTo(IMAGE as never);
    await canvas.remove(ONE);
    go();
    await going;
    draft?.document?.commit(column(0));
    draft?.keep('now');
    await canvas.saver.flush();
    expect(heads.has(ONE)).toBe(false);
    expect(calls.filter(({ endpoint }) => endpoint === 'drafts.saveSteps')).toEqual([]);
  });

  test('a draft that cannot be deleted keeps every stroke', async () => {
    const { canvas, answers, state, putStepsOf, heads } = opened();
    await canvas.start();
    await canvas.open(ONE);
    state.full = true;
    canvas.draft?.document?.commit(column(0));
    await canvas.saver.flush();
    answers['drafts.remove'] = () => ({
      refusal: { code: 'disk-full', message: 'The disk is full.', billing: 'none' },
    });
    await canvas.remove(ONE);
    expect(canvas.draft?.id).toBe(ONE);
    state.full = false;
    await canvas.saver.flush();
    await canvas.saver.flush();
    expect(heads.has(ONE)).toBe(true);
    expect(putStepsOf(ONE)).toHaveLength(1);
  });
});
