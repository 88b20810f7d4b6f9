import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { DraftHead } from '../../electron/contract/entities/drafts.ts';
import type { DraftId, JobId, NodeId, Sha256 } from '../../electron/contract/entities/ids.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { jobsOfDraft, listDrafts, putSteps, readSteps, removeDraft, saveDraft } from '../../electron/library/drafts.ts';
import { dismissJob, finishJob, readJob, recordIntent } from '../../electron/library/jobs/jobs.ts';
import { openLibrary } from '../../electron/library/library.ts';
import { noiseImage, addFile } from './input-images.ts';
import { emptyFolder, intentFor, PROFILE, reportOf, testLibrary } from './test-library.ts';

const ROOT = 'root' as NodeId;
const head = (fields: Partial<DraftHead> = {}): DraftHead => ({
  id: uuid() as DraftId,
  name: 'Olive branch',
  root: null,
  document: '{"version":1}',
  ...fields,
});

describe('drafts', () => {
  it('are kept with their steps across a restart, last changed first', async () => {
    const folder = join(await emptyFolder(), 'library');
    const first = await openLibrary(folder);
    const { sha256: root } = await addFile(first, await noiseImage(8, 8).png().toBuffer());
    const [older, newer] = [head({ root }), head({ name: 'Ü “x”' })];
    saveDraft(first.db, older, 10);
    saveDraft(first.db, newer, 20);
    putSteps(first.db, { draftId: older.id, node: ROOT, from: 0, steps: ['a', 'b'] }, 30);
    first.close();
    const { db } = await testLibrary(folder);
    expect(listDrafts(db)).toEqual([
      { ...older, createdAt: 10, updatedAt: 30 },
      { ...newer, createdAt: 20, updatedAt: 20 },
    ]);
    expect(readSteps(db, { draftId: older.id, node: ROOT })).toEqual(['a', 'b']);
  });

  it('change in place and keep their creation time', async () => {
    const { db } = await testLibrary();
    const draft = head();
    saveDraft(db, draft, 10);
    expect(saveDraft(db, { ...draft, name: 'Later', document: '{}' }, 20)).toEqual({
      ...draft,
      name: 'Later',
      document: '{}',
      createdAt: 10,
      updatedAt: 20,
    });
    expect(listDrafts(db)).toHaveLength(1);
  });

  it('are rejected if the root image doesn’t exist', async () => {
    const { db } = await testLibrary();
    const refused = await reportOf(() => saveDraft(db, head({ root: 'ab'.repeat(32) as Sha256 }), 1));
    expect(refused).toMatchObject({ code: 'not-found', billing: 'none' });
    expect(listDrafts(db)).toEqual([]);
  });

  it('are removed with their steps; removing twice is fine', async () => {
    const { db } = await testLibrary();
    const [gone, stays] = [head(), head()];
    for (const draft of [gone, stays]) {
      saveDraft(db, draft, 1);
      putSteps(db, { draftId: draft.id, node: ROOT, from: 0, steps: ['a'] }, 1);
    }
    removeDraft(db, gone.id);
    removeDraft(db, gone.id);
    expect(listDrafts(db).map(({ id }) => id)).toEqual([stays.id]);
    expect(readSteps(db, { draftId: gone.id, node: ROOT })).toEqual([]);
    expect(readSteps(db, { draftId: stays.id, node: ROOT })).toEqual(['a']);
  });
});

describe('steps', () => {
  it('replace all steps from a position on, per image', async () => {
    const { db } = await testLibrary();
    const { id: draftId } = saveDraft(db, head(), 1);
    const other = uuid() as NodeId;
    putSteps(db, { draftId, node: ROOT, from: 0, steps: ['a', 'b', 'c'] }, 1);
    putSteps(db, { draftId, node: other, from: 0, steps: ['x'] }, 1);
    // Two undos, then another step.
    putSteps(db, { draftId, node: ROOT, from: 1, steps: ['d'] }, 2);
    expect(readSteps(db, { draftId, node: ROOT })).toEqual(['a', 'd']);
    putSteps(db, { draftId, node: ROOT, from: 2, steps: ['e', 'f'] }, 3);
    expect(readSteps(db, { draftId, node: ROOT })).toEqual(['a', 'd', 'e', 'f']);
    putSteps(db, { draftId, node: ROOT, from: 0, steps: [] }, 4);
    expect(readSteps(db, { draftId, node: ROOT })).toEqual([]);
    expect(readSteps(db, { draftId, node: other })).toEqual(['x']);
  });

  it('are rejected with a gap or without a draft, changing nothing', async () => {
    const { db } = await testLibrary();
    const { id: draftId } = saveDraft(db, head(), 1);
    putSteps(db, { draftId, node: ROOT, from: 0, steps: ['a'] }, 1);
    const gap = await reportOf(() => putSteps(db, { draftId, node: ROOT, from: 2, steps: ['c'] }, 2));
    expect(gap).toMatchObject({ code: 'bad-payload' });
    const nobody = await reportOf(() =>
      putSteps(db, { draftId: uuid() as DraftId, node: ROOT, from: 0, steps: ['c'] }, 2),
    );
    expect(nobody).toMatchObject({ code: 'not-found' });
    expect(readSteps(db, { draftId, node: ROOT })).toEqual(['a']);
    expect(listDrafts(db)[0]?.updatedAt).toBe(1);
  });

  it('are read quickly by the thousand', async () => {
    const { db } = await testLibrary();
    const { id: draftId } = saveDraft(db, head(), 1);
    const steps = Array.from({ length: 1000 }, (_none, index) => `${index} ${'x'.repeat(500)}`);
    for (let from = 0; from < 1000; from += 100)
      putSteps(db, { draftId, node: ROOT, from, steps: steps.slice(from, from + 100) }, 1);
    expect(readSteps(db, { draftId, node: ROOT })).toEqual(steps);
    const plan = db
      .prepare("EXPLAIN QUERY PLAN SELECT data FROM draft_steps WHERE draft_id = 'x' AND node = 'y' ORDER BY position")
      .all() as { detail: string }[];
    expect(plan.map(({ detail }) => detail).join()).not.toMatch(/SCAN|TEMP B-TREE/u);
  });
});

it('lists all jobs of a draft, dismissed or not, oldest first', async () => {
  const { db } = await testLibrary();
  const draftId = uuid() as DraftId;
  const send = (createdAt: number, from: DraftId | null): JobId => {
    const intent = intentFor('x', { createdAt });
    const canvas = from && { draftId: from, node: ROOT };
    const request: JobRequest = { ...intent.request, profileId: PROFILE, canvas };
    recordIntent(db, { ...intent, request });
    return intent.id;
  };
  const newer = send(20, draftId);
  const older = send(10, draftId);
  send(15, null);
  send(16, uuid() as DraftId);
  finishJob(db, older, { state: 'failed', error: null, at: 30 });
  dismissJob(db, older);
  const found = jobsOfDraft(db, draftId, (id) => readJob(db, id));
  expect(found.map(({ id }) => id)).toEqual([older, newer]);
  expect(found[0]?.dismissed).toBe(true);
  expect(found[0]?.request.canvas).toEqual({ draftId, node: 'root' });
});
