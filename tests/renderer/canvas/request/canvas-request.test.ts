import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NodeId } from '../../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../../electron/contract/entities/inputs.ts';
import type { Input, JobRequest } from '../../../../electron/contract/entities/requests.ts';
import { CanvasDraft } from '../../../../renderer/canvas/drafts/CanvasDraft.svelte.ts';
import { CanvasRequest } from '../../../../renderer/canvas/request/CanvasRequest.svelte.ts';
import { DraftSaver } from '../../../../renderer/canvas/drafts/DraftSaver.svelte.ts';
import { StudioState } from '../../../../renderer/state/studio-state.svelte.ts';
import { job, image, scriptedStudio } from '../../state/scripted-studio.ts';
import { column, DRAFT, input, keptDrafts, ROOT } from '../drafts/stored-drafts.ts';

const NODE = image(7).id as string as NodeId;
const SIZE = { width: 1024, height: 1024 };
const [STAGE, OTHER, REFERENCE] = [input('a', SIZE), input('b', SIZE), input('c', SIZE)];
const MASK = input('e', { ...SIZE, hasAlpha: true });
const FRAMED = input('f', SIZE);

/** A draft with a column marked, and a request for it. `hold` keeps the mask's file on its way until `release`. */
async function desk(effectiveFrame: Partial<InputImage> = {}) {
  const library = keptDrafts([STAGE, OTHER, REFERENCE], { [NODE]: () => OTHER });
  const road = { held: null as Promise<null> | null, uploads: 0, refused: false };
  const script = scriptedStudio(
    {
      ...library.answers,
      'inputs.frame': () => ({ ...FRAMED, ...effectiveFrame }),
      'jobs.create': () => job(1, { state: 'waiting' }),
    },
    async () => {
      road.uploads += 1;
      await road.held;
      return road.refused
        ? { error: { code: 'disk-full', message: 'The disk is full.', billing: 'none' } }
        : { ok: MASK };
    },
  );
  const state = new StudioState(script.studio);
  await state.start();
  const saver = new DraftSaver(script.studio, () => '/library');
  const draft = new CanvasDraft(script.studio, saver, DRAFT, STAGE);
  await draft.restore({ id: DRAFT, name: '', root: STAGE.sha256, document: '', createdAt: 1, updatedAt: 1 });
  draft.form.prompt = 'a glaze';
  draft.document?.commit(column(5));
  const request = new CanvasRequest(script.studio, state, draft, () => 0);
  request.follow();
  const sent = (): JobRequest[] =>
    script.calls.flatMap(({ endpoint, payload }) =>
      endpoint === 'jobs.create' ? [(payload as { request: JobRequest }).request] : [],
    );
  return { ...script, state, draft, request, road, sent };
}

function inputsOf(request: JobRequest | undefined): [role: Input['role'], letter: string][] {
  const inputs = request && request.operation !== 'create' ? request.inputs : [];
  return inputs.map(({ role, sha256 }) => [role, sha256.slice(0, 1)]);
}

beforeEach(() => localStorage.clear());
afterEach(() => localStorage.clear());

describe('what is sent is what was on the stage at the click', () => {
  test('also if another image is opened while the mask is created', async () => {
    const { request, draft, road, sent } = await desk();
    const held = Promise.withResolvers<null>();
    road.held = held.promise;
    const sending = request.send();
    await expect.poll(() => road.uploads).toBe(1);
    await draft.goTo(NODE);
    request.follow();
    held.resolve(null);
    expect(await sending).toBe(true);
    expect(inputsOf(sent()[0])).toEqual([
      ['image', 'a'],
      ['mask', 'e'],
    ]);
    expect(sent()[0]?.canvas?.node).toBe(ROOT);
    expect(draft.tray.images).toEqual([OTHER]);
  });

  test('and references added meanwhile are kept', async () => {
    const { request, draft, answers, sent } = await desk();
    const create = answers['jobs.create'];
    answers['jobs.create'] = (payload: never) => {
      draft.tray.images = [...draft.tray.images, REFERENCE];
      return create?.(payload);
    };
    await request.send();
    expect(inputsOf(sent()[0])).toHaveLength(2);
    expect(draft.tray.images).toEqual([STAGE, REFERENCE]);
    expect(draft.tray.mask?.sha256).toMatch(/^0+$/u);
  });

  test('cut to its frame, also for a variation, and whatever changes meanwhile', async () => {
    const { request, draft, answers, sent } = await desk();
    draft.document?.commit({
      layer: 'frame',
      name: 'Crop',
      before: null,
      after: { left: 0, top: 0, width: 512, height: 512 },
    });
    request.follow();
    const held = Promise.withResolvers<null>();
    const frame = answers['inputs.frame'];
    answers['inputs.frame'] = async (payload: never) => {
      await held.promise;
      return frame?.(payload);
    };
    const sending = request.vary.send();
    request.follow();
    held.resolve(null);
    expect(await sending).toBe(true);
    expect(inputsOf(sent()[0])).toEqual([['image', 'f']]);
  });
});

describe('one click is one request', () => {
  test('however often the button and the confirmation are pressed', async () => {
    const { request, draft, road, sent } = await desk();
    draft.undo();
    expect(await request.send()).toBe(false);
    expect(request.question).toBe('nothing-marked');
    expect(sent()).toEqual([]);
    await Promise.all([request.answer(), request.answer(), request.send(), request.send()]);
    expect(sent()).toHaveLength(1);
    expect(road.uploads).toBe(0);
  });

  test('and a confirmation holds for its own click only', async () => {
    const { request, draft, state, sent } = await desk();
    draft.undo();
    await request.send();
    state.connection = false;
    expect(await request.answer()).toBe(false);
    state.connection = true;
    expect(await request.send()).toBe(false);
    expect(request.question).toBe('nothing-marked');
    expect(sent()).toEqual([]);
  });

  test('never without its mask: if that fails nothing is sent', async () => {
    const { request, draft, road, sent } = await desk();
    road.refused = true;
    expect(await request.send()).toBe(false);
    expect(sent()).toEqual([]);
    expect(request.error).not.toBeNull();
    expect(draft.tray.images).toEqual([STAGE]);
  });

  test('and says why if a created file cannot be sent', async () => {
    const { request, draft, sent } = await desk({ bytes: 10 ** 9 });
    draft.document?.commit({
      layer: 'frame',
      name: 'Crop',
      before: null,
      after: { left: 0, top: 0, width: 512, height: 512 },
    });
    request.follow();
    expect(await request.send()).toBe(false);
    expect(sent()).toEqual([]);
    expect(request.edit.refusal?.message).toMatch(/MB/u);
  });
});
