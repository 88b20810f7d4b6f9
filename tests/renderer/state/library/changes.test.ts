import { expect, test, vi } from 'vitest';
import type { Change } from '../../../../electron/contract/entities/changes.ts';
import type { ChangeId, ImageId } from '../../../../electron/contract/entities/ids.ts';
import { LibraryChanges, type ChangeNews } from '../../../../renderer/state/library/changes.svelte.ts';
import { scriptedStudio, uuid } from '../scripted-studio.ts';

const IMAGES = { kind: 'images' as const, imageIds: [uuid(1) as ImageId, uuid(2) as ImageId] };

function change(number: number, more: Partial<Change> = {}): Change {
  return {
    id: uuid(number) as ChangeId,
    state: 'done',
    edit: { kind: 'rate', rating: 4 },
    names: [],
    images: 2,
    applied: 2,
    left: 0,
    at: number,
    undoneAt: null,
    ...more,
  };
}

function changesOf(answers: Parameters<typeof scriptedStudio>[0]) {
  const script = scriptedStudio(answers);
  const settle = vi.fn();
  const patch = vi.fn(() => settle);
  const changes = new LibraryChanges({ studio: script.studio, view: { patch } });
  const news: ChangeNews[] = [];
  changes.listen((next) => news.push(next));
  return { changes, script, patch, settle, news };
}

test('an edit is painted at once, and told when it is done', async () => {
  const { changes, patch, news } = changesOf({
    'changes.apply': ({ id }: { id: ChangeId }) => change(1, { id }),
  });
  const applied = changes.apply(IMAGES, { kind: 'rate', rating: 4 });
  expect(patch).toHaveBeenCalledWith(IMAGES.imageIds, { rating: 4 });
  const done = await applied;
  expect(news).toEqual([{ kind: 'done', change: done }]);
  expect(changes.undoable).toEqual(done);
});

test('one that fails is taken back, with a sentence', async () => {
  const refusal = { code: 'internal', message: 'The disk is full. Nothing was changed.', billing: 'none' };
  const { changes, settle, news } = changesOf({ 'changes.apply': () => ({ refusal }) });
  expect(await changes.apply(IMAGES, { kind: 'favourite', on: true })).toBeNull();
  expect(settle).toHaveBeenCalledExactlyOnceWith(false);
  expect(changes.error?.message).toBe('The disk is full. Nothing was changed.');
  expect(news).toMatchObject([{ kind: 'failed', act: 'apply' }]);
});

test('undo takes the last done, redo the one undone last', async () => {
  const { changes, script } = changesOf({
    'changes.list': () => ({ changes: [change(3), change(2), change(1)], next: null }),
    'changes.undo': ({ id }: { id: ChangeId }) => change(Number(id.slice(-2)), { state: 'undone', undoneAt: 9 }),
    'changes.redo': ({ id }: { id: ChangeId }) => change(Number(id.slice(-2))),
  });
  await changes.load();
  expect(changes.redoable).toBeNull();
  await changes.undo();
  await changes.undo();
  expect(changes.undoable?.id).toBe(uuid(1));
  await changes.redo();
  const asked = script.calls.map(({ endpoint, payload }) => [endpoint, (payload as { id?: string }).id]);
  expect(asked.slice(1)).toEqual([
    ['changes.undo', uuid(3)],
    ['changes.undo', uuid(2)],
    ['changes.redo', uuid(2)],
  ]);
});

test('undo that is asked before the journal is known waits for it', async () => {
  const list = Promise.withResolvers<{ changes: Change[]; next: null }>();
  const { changes, script } = changesOf({
    'changes.list': () => list.promise,
    'changes.undo': ({ id }: { id: ChangeId }) => change(2, { id, state: 'undone', undoneAt: 9 }),
  });
  const loaded = changes.load();
  const undone = changes.undo();
  list.resolve({ changes: [change(2), change(1)], next: null });
  await Promise.all([loaded, undone]);
  expect(script.calls.at(-1)).toMatchObject({ endpoint: 'changes.undo', payload: { id: uuid(2) } });
});

test('two undos at once take back two changes', async () => {
  const { changes, script } = changesOf({
    'changes.list': () => ({ changes: [change(3), change(2), change(1)], next: null }),
    'changes.undo': ({ id }: { id: ChangeId }) => change(Number(id.slice(-2)), { state: 'undone', undoneAt: 9 }),
  });
  await changes.load();
  await Promise.all([changes.undo(), changes.undo()]);
  const undone = script.calls.slice(1).map(({ payload }) => (payload as { id?: string }).id);
  expect(undone).toEqual([uuid(3), uuid(2)]);
});

/** Two changes, the later one of thousands of images: undoing or redoing it goes on after the call. */
async function longUndo() {
  const all = changesOf({
    'changes.list': () => ({ changes: [change(2, { images: 9000 }), change(1)], next: null }),
    'changes.undo': ({ id }: { id: ChangeId }) =>
      id === uuid(2) ? change(2, { state: 'reverting' }) : change(1, { state: 'undone', undoneAt: 9 }),
    'changes.redo': ({ id }: { id: ChangeId }) => change(Number(id.slice(-2)), { state: 'applying' }),
    'changes.cancel': () => change(2, { state: 'undone', undoneAt: 12 }),
  });
  await all.changes.load();
  await all.changes.undo();
  const asked = () => all.script.calls.slice(1).map(({ endpoint, payload }) => [endpoint, (payload as Change).id]);
  expect(asked()).toEqual([['changes.undo', uuid(2)]]);
  return { ...all, asked };
}

test('redo during a running undo follows it', async () => {
  const { changes, asked } = await longUndo();
  const redo = changes.redo();
  changes.applyUpdate(change(2, { state: 'reverting', applied: 1 }));
  await Promise.resolve();
  expect(asked()).toHaveLength(1);
  changes.applyUpdate(change(2, { state: 'undone', undoneAt: 11 }));
  await redo;
  expect(asked().slice(1)).toEqual([['changes.redo', uuid(2)]]);
});

test('undo during a running undo takes the change before it back afterwards; during a redo, it cancels that', async () => {
  const { changes, asked } = await longUndo();
  const before = changes.undo();
  await Promise.resolve();
  expect(asked()).toHaveLength(1);
  changes.applyUpdate(change(2, { state: 'undone', undoneAt: 11 }));
  await before;
  await changes.redo();
  const [second, third] = [changes.redo(), asked()];
  expect(third.slice(1)).toEqual([
    ['changes.undo', uuid(1)],
    ['changes.redo', uuid(1)],
  ]);
  changes.applyUpdate(change(1));
  await second;
  await changes.undo();
  expect(asked().slice(3)).toEqual([
    ['changes.redo', uuid(2)],
    ['changes.cancel', uuid(2)],
  ]);
});

test('impatient presses during a running undo are one', async () => {
  const { changes, asked } = await longUndo();
  const first = changes.undo();
  await Promise.resolve();
  const others = [changes.undo(), changes.undo()];
  changes.applyUpdate(change(2, { state: 'undone', undoneAt: 11 }));
  await Promise.all([first, ...others]);
  expect(asked().slice(1)).toEqual([['changes.undo', uuid(1)]]);
});

test('a list that an event has overtaken takes nothing back', async () => {
  const { changes, script } = changesOf({});
  const list = Promise.withResolvers<unknown>();
  script.answers['changes.list'] = () => list.promise;
  const loading = changes.load();
  changes.applyUpdate(change(2, { state: 'undone', undoneAt: 9 }));
  list.resolve({ changes: [change(3), change(2, { state: 'reverting' }), change(1)], next: null });
  await loading;
  expect(changes.recent.map(({ id, state }) => [id, state])).toEqual([
    [uuid(3), 'done'],
    [uuid(2), 'undone'],
    [uuid(1), 'done'],
  ]);
  expect(changes.running).toEqual([]);
});

test('an end that is announced before the call is answered isn’t forgotten', async () => {
  const { changes, script, news } = changesOf({ 'changes.list': () => ({ changes: [change(2)], next: null }) });
  await changes.load();
  script.answers['changes.undo'] = () => {
    changes.applyUpdate(change(2, { state: 'undone', undoneAt: 9 }));
    return change(2, { state: 'reverting' });
  };
  await changes.undo();
  expect([changes.running, news.map(({ kind }) => kind)]).toEqual([[], ['undone']]);
});

test('a running undo that fails holds up nothing', async () => {
  const { changes, asked } = await longUndo();
  const before = changes.undo();
  const error = { code: 'disk-full', message: 'The library’s disk is full.', billing: 'none' } as const;
  changes.applyUpdate(change(2, { state: 'done', error }));
  await before;
  expect(asked().slice(1)).toEqual([['changes.undo', uuid(2)]]);
});

test('a long change runs on by events, and is told once at its end', async () => {
  const { changes, news } = changesOf({
    'changes.apply': ({ id }: { id: ChangeId }) => change(1, { id, state: 'applying', images: 9000, applied: 200 }),
  });
  const started = await changes.apply(IMAGES, { kind: 'trash' });
  expect([changes.running.length, news.length]).toEqual([1, 0]);
  if (!started) throw new Error('not started');
  changes.applyUpdate({ ...started, applied: 4000 });
  changes.applyUpdate({ ...started, applied: 9000, state: 'done' });
  changes.applyUpdate({ ...started, applied: 9000, state: 'done' });
  expect([changes.running.length, news.map(({ kind }) => kind)]).toEqual([0, ['done']]);
});

test('a long change that fails says why; what isn’t in the journal can’t be redone', async () => {
  const { changes, news } = changesOf({
    'changes.apply': ({ id }: { id: ChangeId }) => change(1, { id, state: 'applying', images: 9000, applied: 0 }),
  });
  const started = await changes.apply(IMAGES, { kind: 'trash' });
  if (!started) throw new Error('not started');
  const error = { code: 'disk-full', message: 'The library’s disk is full.', billing: 'none' } as const;
  changes.applyUpdate({ ...started, state: 'undone', error });
  expect(news).toMatchObject([{ kind: 'failed', act: 'apply', error }]);
  expect([changes.running.length, changes.redoable]).toEqual([0, null]);
});

test('undo cancels a change that is still being applied, and says that emptying can’t be undone', async () => {
  const applying = change(3, { state: 'applying', applied: 1 });
  const { changes, script, news } = changesOf({
    'changes.list': () => ({ changes: [change(2)], next: null }),
    'changes.cancel': () => ({ ...applying, state: 'undone', applied: 0 }),
  });
  await changes.load();
  changes.applyUpdate(applying);
  await changes.undo();
  expect(script.calls.at(-1)).toMatchObject({ endpoint: 'changes.cancel', payload: { id: uuid(3) } });
  expect(news).toMatchObject([{ kind: 'undone', change: { id: uuid(3) } }]);
  changes.applyUpdate(change(4, { state: 'applying', edit: { kind: 'empty' } }));
  await changes.undo();
  expect(script.calls.at(-1)?.endpoint).toBe('changes.cancel');
  expect(changes.error?.message).toMatch(/^These images are being deleted for good/u);
});

test('where nothing can be changed, nothing is asked for, painted or said', async () => {
  const script = scriptedStudio({});
  const patch = vi.fn();
  const changes = new LibraryChanges({
    studio: script.studio,
    view: { patch },
    whyNot: () => 'This library is read-only',
  });
  const listener = vi.fn();
  changes.listen(listener);
  const selection = { kind: 'images' as const, imageIds: [] };
  expect(await changes.apply(selection, { kind: 'rate', rating: 4 })).toBeNull();
  expect(await changes.perform('apply', () => Promise.reject(new Error('called')))).toBeNull();
  await changes.undo();
  await changes.redo();
  expect([script.calls, patch.mock.calls, listener.mock.calls, changes.error]).toEqual([[], [], [], null]);
});
