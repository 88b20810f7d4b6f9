import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { beforeEach, expect, it } from 'vitest';
import type { RunId } from '../../../electron/contract/entities/ids.ts';
import type { QuarantineId, QuarantinedFile, Restored } from '../../../electron/contract/entities/quarantine.ts';
import { originalPath, QUARANTINE } from '../../../electron/library/files/folders.ts';
import type { Library } from '../../../electron/library/library.ts';
import { listQuarantine } from '../../../electron/library/quarantine/list-quarantine.ts';
import { quarantinePreview } from '../../../electron/library/quarantine/quarantine-preview.ts';
import { removeQuarantined } from '../../../electron/library/quarantine/remove-quarantined.ts';
import { restoreQuarantined } from '../../../electron/library/quarantine/restore-quarantined.ts';
import { reportOf, savedImage, sha256, smallPng, testLibrary, withBytes } from '../test-library.ts';

let library: Library;
beforeEach(async () => {
  library = await testLibrary();
});

const pathOf = (name: string): string => join(library.folder, QUARANTINE, name);
const idOf = (name: string): QuarantineId => Buffer.from(name).toString('hex') as QuarantineId;
const restore = (name: string): Promise<Restored> =>
  restoreQuarantined({
    library,
    id: idOf(name),
    runId: uuid() as RunId,
    added: () => undefined,
    failed: (thrown) => expect.unreachable(String(thrown)),
  });
const countOf = (table: string): number | undefined =>
  library.db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get();

it('is listed newest first, in parts, with what each file is and why it is there', async () => {
  const generation = uuid();
  const png = await smallPng();
  const names = [
    `2026-12-01T10-00-00.000Z-${'a'.repeat(64)}.png`,
    `2026-12-01T11-00-00.000Z-${uuid()}.json`,
    `2026-12-01T12-00-00.000Z-answer-${generation}-image-0-0123abcd.part`,
    '2026-12-01T13-00-00.000Z-library.db-wal',
    '2026-12-01T14-00-00.000Z-något.tmp',
    'by hand.txt',
  ];
  for (const name of names) writeFileSync(pathOf(name), name.endsWith('.png') ? png : '{"kind": 1}');
  mkdirSync(pathOf('2026-12-01T15-00-00.000Z-folder'));
  symlinkSync(join(library.folder, 'library.db'), pathOf('2026-12-01T16-00-00.000Z-link'));
  const files: QuarantinedFile[] = [];
  for (let after: QuarantineId | null = null, parts = 0; parts === 0 || after !== null; parts += 1) {
    const page: Awaited<ReturnType<typeof listQuarantine>> = await listQuarantine(library.folder, { after, limit: 2 });
    expect(page.total).toBe(6);
    files.push(...page.files);
    after = page.next;
    expect(parts).toBeLessThan(3);
  }
  expect(files.map(({ name, reason, isImage }) => [name, reason, isImage])).toEqual([
    ['by hand.txt', 'added', false],
    ['något.tmp', 'left', false],
    ['library.db-wal', 'database', false],
    [`answer-${generation}-image-0-0123abcd.part`, 'response', false],
    [names[1]?.slice(25), 'record', false],
    [`${'a'.repeat(64)}.png`, 'unlisted', true],
  ]);
  expect(files[5]).toMatchObject({ at: Date.UTC(2026, 11, 1, 10), bytes: png.length, format: 'png' });
});

it('shows what decodes, and nothing for what doesn’t', async () => {
  writeFileSync(pathOf('whole.png'), await smallPng());
  writeFileSync(pathOf('cut.png'), (await smallPng(64, 64)).subarray(0, 200));
  writeFileSync(pathOf('text'), 'no image');
  expect((await quarantinePreview(library, idOf('whole.png')))?.length).toBeGreaterThan(20);
  expect(await quarantinePreview(library, idOf('cut.png'))).toBeNull();
  expect(await quarantinePreview(library, idOf('text'))).toBeNull();
});

it('gives an image back as an imported one', async () => {
  const bytes = await smallPng();
  writeFileSync(pathOf('a.png'), bytes);
  expect(await restore('a.png')).toEqual({ as: 'image' });
  expect(readFileSync(originalPath(library.folder, sha256(bytes), 'png'))).toEqual(bytes);
  expect([countOf('images'), countOf('imports')]).toEqual([1, 1]);
  expect(existsSync(pathOf('a.png'))).toBe(false);
});

it('puts a missing original back in its place, and a damaged one’s bytes aren’t lost', async () => {
  const bytes = await smallPng();
  const { sha256: hash } = withBytes(library, await savedImage(library, { bytes }));
  const place = originalPath(library.folder, hash, 'png');
  rmSync(place);
  writeFileSync(pathOf('a.png'), bytes);
  expect(await restore('a.png')).toEqual({ as: 'original' });
  expect(readFileSync(place)).toEqual(bytes);
  writeFileSync(place, 'damaged');
  writeFileSync(pathOf('b.png'), bytes);
  expect(await restore('b.png')).toEqual({ as: 'original' });
  expect(readFileSync(place)).toEqual(bytes);
  const [kept, ...others] = readdirSync(join(library.folder, QUARANTINE));
  expect(readFileSync(pathOf(kept ?? ''), 'utf8')).toBe('damaged');
  expect(others).toEqual([]);
  expect(countOf('images')).toBe(1);
});

it('keeps what can’t be restored: no image, or one that is in the library', async () => {
  const bytes = await smallPng();
  await savedImage(library, { bytes });
  writeFileSync(pathOf('known.png'), bytes);
  writeFileSync(pathOf('text'), 'no image');
  expect((await reportOf(() => restore('known.png'))).message).toContain('in the library already');
  expect((await reportOf(() => restore('text'))).message).toContain('stays in the quarantine');
  expect((await reportOf(() => restore('gone'))).code).toBe('not-found');
  expect(readdirSync(join(library.folder, QUARANTINE)).sort()).toEqual(['known.png', 'text']);
  expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
});

it('deletes only the file that is meant, and nothing outside', async () => {
  writeFileSync(pathOf('one'), '1');
  writeFileSync(pathOf('two'), '2');
  await removeQuarantined(library.folder, idOf('one'));
  expect(readdirSync(join(library.folder, QUARANTINE))).toEqual(['two']);
  for (const name of ['../library.db', '..', '.', 'a/b', 'a\\b', 'C:two', 'one'])
    expect((await reportOf(() => removeQuarantined(library.folder, idOf(name)))).code).toBe('not-found');
  expect(existsSync(join(library.folder, 'library.db'))).toBe(true);
});
