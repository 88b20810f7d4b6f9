import { v7 as uuid } from 'uuid';
import { expect, test } from 'vitest';
import { MAX_DOCUMENT_LENGTH, MAX_STEP_LENGTH } from '../../electron/contract/entities/drafts.ts';
import type { DraftId, NodeId } from '../../electron/contract/entities/ids.ts';
import { StudioError } from '../../electron/contract/errors/errors.ts';
import { noiseImage } from '../library/input-images.ts';
import { openTestStudio } from './test-studio.ts';

const ROOT = 'root' as NodeId;

async function codeOf(call: Promise<unknown>): Promise<string> {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  return thrown instanceof StudioError ? thrown.code : String(thrown);
}

test('drafts and their steps survive a restart and are deleted when removed', async () => {
  const first = await openTestStudio();
  const { sha256: root } = await first.api.addInput(new Blob([await noiseImage(8, 8).png().toBuffer()]), 'a.png');
  const id = uuid() as DraftId;
  const kept = await first.api.drafts.save({ id, name: ' Olive branch ', root, document: '{"version":1}' });
  expect(kept).toMatchObject({ name: 'Olive branch', root });
  await first.api.drafts.saveSteps({ draftId: id, node: ROOT, from: 0, steps: ['one', 'two', 'three'] });
  await first.api.drafts.saveSteps({ draftId: id, node: ROOT, from: 1, steps: ['other'] });
  await first.studio.close();

  const { api, log } = await openTestStudio({ folder: first.folder });
  expect(await api.drafts.list({})).toMatchObject([{ id, name: 'Olive branch', root, document: '{"version":1}' }]);
  expect(await api.drafts.getSteps({ draftId: id, node: ROOT })).toEqual(['one', 'other']);
  expect(await api.drafts.listJobs({ draftId: id })).toEqual([]);
  await api.drafts.remove({ draftId: id });
  expect(await api.drafts.list({})).toEqual([]);
  expect(await api.drafts.getSteps({ draftId: id, node: ROOT })).toEqual([]);
  expect(log).toEqual([]);
});

test('steps that are too long, have a gap or belong to no draft are refused with a message', async () => {
  const { api, log } = await openTestStudio();
  const draft = { id: uuid() as DraftId, name: 'a', root: null, document: '{}' };
  await api.drafts.save(draft);
  const put = (from: number, steps: string[], draftId = draft.id): Promise<unknown> =>
    api.drafts.saveSteps({ draftId, node: ROOT, from, steps });
  expect(await codeOf(put(1, ['a']))).toBe('bad-payload');
  expect(await codeOf(put(-1, ['a']))).toBe('bad-payload');
  expect(await codeOf(put(0, ['x'.repeat(MAX_STEP_LENGTH + 1)]))).toBe('bad-payload');
  expect(await codeOf(put(0, ['a'], uuid() as DraftId))).toBe('not-found');
  const long = 'x'.repeat(MAX_DOCUMENT_LENGTH + 1);
  expect(await codeOf(api.drafts.save({ ...draft, document: long }))).toBe('bad-payload');
  expect(await codeOf(api.drafts.save({ ...draft, name: 'x'.repeat(201) }))).toBe('bad-payload');
  expect(await codeOf(api.drafts.getSteps({ draftId: draft.id, node: '../etc' }))).toBe('bad-payload');
  expect(await api.drafts.getSteps({ draftId: draft.id, node: ROOT })).toEqual([]);
  expect(log).toEqual([]);
});
