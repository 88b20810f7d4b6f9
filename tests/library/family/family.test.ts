import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { DraftId, ImageId, NodeId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import { MAX_MEMBERS, readFamily } from '../../../electron/library/family/family.ts';
import { MAX_RELATIVES } from '../../../electron/library/family/relatives.ts';
import type { Library } from '../../../electron/library/library.ts';
import { intentFor, PROFILE, recordRequest, reportOf, savedImage, testLibrary, withBytes } from '../test-library.ts';

interface Made {
  inputs?: readonly ImageId[];
  repeats?: ImageId;
  canvas?: { draftId: DraftId; node: NodeId };
}

/** A library with one file, from which any number of images is made. */
async function family() {
  const library = await testLibrary();
  const first = await savedImage(library, { at: 1 });
  const { sha256 } = withBytes(library, first);
  let at = 1;
  const make = (made: Made = {}): ImageId => insertImage(library, sha256, (at += 1), made);
  return { db: library.db, first: first.id, make };
}

function insertImage({ db, ...library }: Library, sha256: Sha256, at: number, made: Made): ImageId {
  const prompt = `image ${at}`;
  const inputs = (made.inputs ?? []).map((image) => ({ role: 'image' as const, sha256, image }));
  const parameters = { model: 'gpt-image-2', prompt, size: '1024x1024', n: 1 };
  const origin = { repeats: made.repeats ?? null, canvas: made.canvas ?? null };
  const request: JobRequest =
    inputs.length > 0
      ? { operation: 'edit', profileId: PROFILE, parameters, inputs, ...origin }
      : { operation: 'create', profileId: PROFILE, parameters, ...origin };
  const intent = intentFor(prompt, { request, createdAt: at });
  const generation = recordRequest({ db, ...library }, intent);
  const id = uuid() as ImageId;
  db.prepare(
    `INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, created_at)
     VALUES (?, ?, ?, ?, 0, ?, 8, 6, ?)`,
  ).run(at * 1024, id, intent.id, generation, sha256, at);
  return id;
}

const ids = (found: Awaited<ReturnType<typeof readFamily>>): ImageId[] => found.members.map(({ image }) => image.id);

describe('the family of an image', () => {
  it('is the image alone without relatives', async () => {
    const { db, first } = await family();
    const found = await readFamily(db, first);
    expect(found).toMatchObject({ more: 0, unfinished: false });
    expect(found.members).toMatchObject([
      {
        image: { id: first },
        trashed: false,
        parents: [],
        request: { operation: 'create', variation: false, references: 0, parameters: { size: '1024x1024' } },
      },
    ]);
    // The prompt is the image's.
    expect(found.members[0]?.request?.parameters).not.toHaveProperty('prompt');
  });

  it('has ancestors, descendants and those of ancestors, from whichever member it is read', async () => {
    const { db, first, make } = await family();
    const edit = make({ inputs: [first] });
    const sibling = make({ inputs: [first] });
    const grandchild = make({ inputs: [edit] });
    make();
    const all = [first, edit, sibling, grandchild];
    for (const id of all) expect(ids(await readFamily(db, id))).toEqual(all);
    const { members } = await readFamily(db, grandchild);
    expect(members.map(({ parents }) => parents)).toEqual([
      [],
      [{ from: first, kind: 'input' }],
      [{ from: first, kind: 'input' }],
      [{ from: edit, kind: 'input' }],
    ]);
    expect(members[1]?.request).toMatchObject({ operation: 'edit', references: 1, mask: false, markup: false });
  });

  it('follows reruns both ways, the repeated image first among the sources', async () => {
    const { db, first, make } = await family();
    const edit = make({ inputs: [first] });
    const rerun = make({ inputs: [first], repeats: edit });
    const { members } = await readFamily(db, edit);
    expect(members.map(({ image }) => image.id)).toEqual([first, edit, rerun]);
    expect(members[2]?.parents).toEqual([
      { from: edit, kind: 'repeat' },
      { from: first, kind: 'input' },
    ]);
    expect(ids(await readFamily(db, rerun))).toEqual([first, edit, rerun]);
  });

  it('follows canvas drafts, and from one draft into another', async () => {
    const { db, first, make } = await family();
    const [one, other] = [uuid() as DraftId, uuid() as DraftId];
    const step = make({ inputs: [first], canvas: { draftId: one, node: 'root' as NodeId } });
    // Of a frame, for example, only the draft knows what it was sent from.
    const next = make({ canvas: { draftId: one, node: step as string as NodeId } });
    const elsewhere = make({ inputs: [next], canvas: { draftId: other, node: 'root' as NodeId } });
    const all = [first, step, next, elsewhere];
    for (const id of all) expect(ids(await readFamily(db, id))).toEqual(all);
    const { members } = await readFamily(db, first);
    expect(members[2]?.parents).toEqual([{ from: step, kind: 'draft' }]);
  });

  it('names another source of a descendant without following it', async () => {
    const { db, first, make } = await family();
    const style = make();
    make({ inputs: [style] });
    const mixed = make({ inputs: [first, style] });
    const found = await readFamily(db, first);
    expect(ids(found)).toEqual([first, mixed]);
    expect(found.members[1]?.parents.map(({ from }) => from)).toEqual([first, style]);
  });

  it('keeps what is in the trash only where something was made from it', async () => {
    const { db, first, make } = await family();
    const edit = make({ inputs: [first] });
    const last = make({ inputs: [edit] });
    const discarded = make({ inputs: [edit] });
    db.prepare('UPDATE images SET deleted_at = 1 WHERE id IN (?, ?)').run(edit, discarded);
    const found = await readFamily(db, first);
    expect(found.members.map(({ image, trashed }) => [image.id, trashed])).toEqual([
      [first, false],
      [edit, true],
      [last, false],
    ]);
    expect(found.more).toBe(0);
    // The image itself is always there.
    expect(ids(await readFamily(db, discarded))).toContain(discarded);
  });

  it('leaves out what was deleted for good', async () => {
    const { db, first, make } = await family();
    const gone = uuid() as ImageId;
    const rerun = make({ repeats: gone });
    expect((await readFamily(db, rerun)).members).toMatchObject([{ image: { id: rerun }, parents: [] }]);
    const edit = make({ inputs: [first], repeats: rerun });
    db.prepare('DELETE FROM images WHERE id = ?').run(first);
    expect((await readFamily(db, edit)).members.at(-1)?.parents).toEqual([{ from: rerun, kind: 'repeat' }]);
    expect(await reportOf(() => readFamily(db, first))).toMatchObject({ code: 'not-found' });
  });

  it('ends at cycles, and an image isn’t its own source', async () => {
    const { db, first, make } = await family();
    const one = make({ inputs: [first] });
    const other = make({ inputs: [one] });
    db.prepare(
      "UPDATE jobs SET request = json_set(request, '$.repeats', ?) WHERE id = (SELECT job_id FROM images WHERE id = ?)",
    ).run(other, first);
    db.prepare(
      "UPDATE jobs SET request = json_set(request, '$.repeats', ?) WHERE id = (SELECT job_id FROM images WHERE id = ?)",
    ).run(one, one);
    const found = await readFamily(db, other);
    expect(ids(found)).toEqual([first, one, other]);
    expect(found.members.map(({ parents }) => parents[0]?.from)).toEqual([other, first, one]);
  });

  it('lists the nearest of 1,200 and says that there are more', async () => {
    const { db, first, make } = await family();
    db.exec('BEGIN');
    const parent = make({ inputs: [first] });
    for (let child = 0; child < 1200; child += 1) make({ inputs: [parent] });
    const last = make({ inputs: [parent] });
    db.exec('COMMIT');
    const found = await readFamily(db, last);
    expect(found.members).toHaveLength(MAX_MEMBERS);
    expect(ids(found).slice(0, 2)).toEqual([first, parent]);
    expect(ids(found)).toContain(last);
    expect(found).toMatchObject({ more: MAX_RELATIVES - MAX_MEMBERS, unfinished: true });
  });

  it('asks by index only', async () => {
    const { db, first, make } = await family();
    make({ inputs: [first] });
    const prepared: string[] = [];
    const prepare = db.prepare.bind(db);
    db.prepare = (sql: string) => {
      prepared.push(sql);
      return prepare(sql);
    };
    await readFamily(db, first);
    expect(prepared.length).toBeGreaterThan(4);
    for (const sql of [...prepared]) {
      const unbound = sql.replaceAll('?', "'[]'");
      const plan = prepare(`EXPLAIN QUERY PLAN ${unbound}`).all() as { detail: string }[];
      const scans = plan.filter(({ detail }) => /^SCAN (?!w\b|n$|j$)/u.test(detail));
      expect(scans, sql).toEqual([]);
    }
  });
});
