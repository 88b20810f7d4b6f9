import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoredDraft } from '../../../../electron/contract/entities/drafts.ts';
import type { NodeId } from '../../../../electron/contract/entities/ids.ts';
import type { Job } from '../../../../electron/contract/entities/jobs.ts';
import { CanvasDraft } from '../../../../renderer/canvas/drafts/CanvasDraft.svelte.ts';
import { DraftSaver } from '../../../../renderer/canvas/drafts/DraftSaver.svelte.ts';
import { writeStep } from '../../../../renderer/canvas/drafts/draft-file.ts';
import { generation, job, image } from '../../state/scripted-studio.ts';
import { column, DRAFT, input, keptDrafts, ROOT } from './stored-drafts.ts';

const NODE = image(7).id as string as NodeId;
const STRICT = { state: 'done', feather: 6, outside: 1, changed: 0, visible: 0, hasAlpha: false } as const;
const [A, B, C] = [input('a'), input('b'), input('c')];
const stored = (document: string): StoredDraft => ({
  id: DRAFT,
  name: 'Glaze',
  root: A.sha256,
  document,
  createdAt: 1,
  updatedAt: 1,
});

function begun(library = keptDrafts([A, B, C], { [NODE]: () => B })) {
  const saver = new DraftSaver(library.studio, () => '/library');
  const draft = new CanvasDraft(library.studio, saver, DRAFT, A);
  library.heads.set(DRAFT, stored(''));
  return { ...library, saver, draft };
}

beforeEach(() => localStorage.clear());
afterEach(() => localStorage.clear());

describe('a draft that cannot be read completely', () => {
  test('of a newer version does not change', async () => {
    const { draft, saver, heads } = begun();
    const newer = JSON.stringify({ version: 2, node: 'root', form: {}, layers: ['new'] });
    heads.set(DRAFT, stored(newer));
    await expect(draft.restore(stored(newer))).rejects.toThrow(/newer version/u);
    await saver.flush();
    expect(heads.get(DRAFT)?.document).toBe(newer);
  });

  test('with a damaged head opens with its image and its steps', async () => {
    const { draft, putSteps } = begun();
    putSteps(ROOT, [writeStep(column(0))]);
    await draft.restore(stored('{"version":'));
    expect(draft.document?.mask.marked).toBe(10);
  });

  const DAMAGED = '{"layer":"mask","name":"Similar colour","op":{"kind":"region","combine":"add","bits":"AA=="}}';

  test.each([
    ['cannot be replayed', DAMAGED],
    ['cannot be parsed', '{"layer":"mask","na'],
    ['is of an unknown kind', '{"layer":"smudge","name":"Smudge"}'],
  ])('with a step that %s shows those before it, read-only, and keeps all of them', async (_what, line) => {
    const { draft, saver, putSteps, stepsOf } = begun();
    const lines = [writeStep(column(0)), writeStep(column(1)), line, writeStep(column(2))];
    putSteps(ROOT, lines);
    await draft.restore(stored(''));
    expect(draft.document?.mask.marked).toBe(20);
    expect(draft.document?.steps).toHaveLength(2);
    expect(draft.document?.unreadable).toBe(2);
    expect(() => draft.document?.commit(column(5))).toThrow('read-only');
    draft.undo();
    draft.redo();
    expect(draft.document?.mask.marked).toBe(20);
    await saver.flush();
    expect(stepsOf(ROOT)).toEqual(lines);
  });

  test('with a step that cannot be read still knows how many steps are undone', async () => {
    const { draft, saver, heads, putSteps } = begun();
    const document = JSON.stringify({ version: 1, node: 'root', form: {}, undone: { root: 1 } });
    heads.set(DRAFT, stored(document));
    putSteps(ROOT, [writeStep(column(0)), DAMAGED, writeStep(column(2))]);
    await draft.restore(stored(document));
    expect(draft.document?.isReadOnly).toBe(true);
    draft.keep('now');
    await saver.flush();
    expect(JSON.parse(heads.get(DRAFT)?.document ?? '')).toMatchObject({ undone: { root: 1 } });
  });

  test('whose steps cannot be fetched does not open as an empty one', async () => {
    const { draft, saver, answers, putSteps, stepsOf } = begun();
    putSteps(ROOT, [writeStep(column(0))]);
    answers['drafts.getSteps'] = () => ({ refusal: { code: 'library-damaged', message: 'Damaged.', billing: 'none' } });
    await expect(draft.restore(stored(''))).rejects.toThrow('Damaged.');
    expect(draft.document).toBeUndefined();
    await saver.flush();
    expect(stepsOf(ROOT)).toEqual([writeStep(column(0))]);
  });

  test('whose steps of one image cannot be fetched does not open at the first image', async () => {
    const { draft, answers } = begun();
    const document = JSON.stringify({ version: 1, node: NODE, form: {} });
    const steps = answers['drafts.getSteps'];
    answers['drafts.getSteps'] = (key: never) =>
      (key as { node: NodeId }).node === NODE
        ? { refusal: { code: 'internal', message: 'No answer.', billing: 'none' } }
        : steps?.(key);
    await expect(draft.restore(stored(document))).rejects.toThrow('No answer.');
  });

  test('keeps its references if they cannot be fetched', async () => {
    const { draft, saver, heads, answers } = begun();
    const references = [{ role: 'image', sha256: C.sha256, image: null }];
    const document = JSON.stringify({ version: 1, node: 'root', references, form: {} });
    heads.set(DRAFT, stored(document));
    answers['inputs.get'] = () => ({ refusal: { code: 'server-unreachable', message: 'Away.', billing: 'none' } });
    await expect(draft.restore(stored(document))).rejects.toThrow('Away.');
    await saver.flush();
    expect(heads.get(DRAFT)?.document).toBe(document);
  });
});

describe('strokes and their image', () => {
  test('a stroke that ends after another image was opened is saved with its own image', async () => {
    const { draft, saver, stepsOf } = begun();
    await draft.restore(stored(''));
    const first = draft.document;
    first?.commit(column(0));
    await draft.goTo(NODE);
    draft.document?.commit(column(5));
    // The pen is lifted: what was drawn belongs to the image on which it was begun.
    first?.commit(column(1));
    await saver.flush();
    expect(stepsOf(ROOT)).toEqual([column(0), column(1)].map(writeStep));
    expect(stepsOf(NODE)).toEqual([column(5)].map(writeStep));
    await draft.goTo(ROOT);
    expect(draft.document?.mask.marked).toBe(20);
  });

  test('strokes that cannot be saved now are there when the image is opened again', async () => {
    const { draft, saver, state, stepsOf } = begun();
    await draft.restore(stored(''));
    state.full = true;
    draft.document?.commit(column(0));
    draft.document?.commit(column(1));
    await draft.goTo(NODE);
    await draft.goTo(ROOT);
    expect(draft.document?.mask.marked).toBe(20);
    draft.document?.commit(column(2));
    await saver.flush();
    state.full = false;
    await saver.flush();
    expect(stepsOf(ROOT)).toEqual([column(0), column(1), column(2)].map(writeStep));
  });
});

describe('the masked result of the image on the stage', () => {
  const done = (sha: string): Job =>
    job(7, {
      request: {
        operation: 'edit',
        profileId: job(1).request.profileId,
        parameters: { prompt: 'x', model: 'gpt-image-2.6-sunburst' },
        inputs: [{ role: 'image', sha256: A.sha256, image: null }],
        strict: { feather: 6 },
        canvas: { draftId: DRAFT, node: ROOT },
      },
      state: 'done',
      generations: [
        generation(7, {
          state: 'done',
          images: [image(7, { strict: { ...STRICT, sha256: input(sha).sha256, width: 20, height: 10 } })],
        }),
      ],
    });

  test('replaces the original response, unless a stroke was made meanwhile', async () => {
    const raw = input('d');
    let now = raw;
    const { draft, answers, stepsOf, saver } = begun(keptDrafts([A, raw], { [NODE]: () => now }));
    await draft.restore(stored(''));
    await draft.goTo(NODE);
    expect(draft.document?.image).toBe(raw);
    now = B;
    const asked = Promise.withResolvers<null>();
    const held = Promise.withResolvers<null>();
    const answer = answers['inputs.fromImage'];
    answers['inputs.fromImage'] = async (payload: never) => {
      asked.resolve(null);
      await held.promise;
      return answer?.(payload);
    };
    draft.take(done('b'));
    await asked.promise;
    draft.document?.commit(column(3));
    held.resolve(null);
    await saver.flush();
    await expect.poll(() => stepsOf(NODE)).toEqual([column(3)].map(writeStep));
    expect(draft.document?.mask.marked).toBe(10);
    expect(draft.document?.image).toBe(raw);
  });

  test('does not replace it while something is being drawn', async () => {
    const raw = input('d');
    let now = raw;
    const { draft, calls } = begun(keptDrafts([A, raw], { [NODE]: () => now }));
    await draft.restore(stored(''));
    await draft.goTo(NODE);
    now = B;
    let busy = true;
    draft.isDrawing = () => busy;
    draft.take(done('b'));
    await expect.poll(() => calls.filter(({ endpoint }) => endpoint === 'drafts.getSteps').length).toBe(2);
    expect(draft.document?.image).toBe(raw);
    busy = false;
    draft.take(done('b'));
    await expect.poll(() => draft.document?.image.sha256).toBe(B.sha256);
  });

  test('of another size does not replace an original response that was drawn on', async () => {
    const raw = input('d', { image: image(7).id, width: 40, height: 20 });
    let now = raw;
    const { draft, saver, heads } = begun(keptDrafts([A, raw], { [NODE]: () => now }));
    await draft.restore(stored(''));
    await draft.goTo(NODE);
    draft.document?.commit(column(30));
    await saver.flush();
    now = B;
    await draft.goTo(ROOT);
    await draft.goTo(NODE);
    expect(draft.document?.image).toMatchObject({ sha256: raw.sha256, image: raw.image });
    expect(draft.document?.mask.marked).toBe(10);
    // As after a restart.
    await saver.flush();
    const kept = heads.get(DRAFT);
    const again = begun(keptDrafts([A, raw], { [NODE]: () => B }));
    again.putSteps(NODE, [writeStep(column(30))]);
    if (kept) await again.draft.restore(kept);
    expect(again.draft.document?.image.sha256).toBe(raw.sha256);
  });
});
