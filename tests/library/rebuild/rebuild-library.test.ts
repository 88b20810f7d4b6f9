import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { FileFormat } from '../../../electron/contract/catalogue/file-formats.ts';
import type { Sha256 } from '../../../electron/contract/entities/ids.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { readFamily } from '../../../electron/library/family/family.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { readJob } from '../../../electron/library/jobs/jobs.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { rebuildLibrary, type Rebuilt } from '../../../electron/library/rebuild/rebuild-library.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { reportOf, savedImage, withBytes } from '../test-library.ts';
import { askLibrary } from '../index/ask-library.ts';
import { furnished, removeDatabase } from './furnished-library.ts';
import { rowsOf } from './library-rows.ts';

const running = (): { signal: AbortSignal; progress(): void } => ({
  signal: new AbortController().signal,
  progress: () => undefined,
});

/** Rebuilds and opens the library. */
async function reopened(folder: string): Promise<{ library: Library; rebuilt: Rebuilt }> {
  const rebuilt = await rebuildLibrary(folder, running());
  const library = await openLibrary(folder, sharedDecoding);
  return { library, rebuilt };
}

it('a lost database comes back from records and originals with everything in it', async () => {
  const { folder, rows } = await furnished();
  removeDatabase(folder);
  expect((await reportOf(() => openLibrary(folder, sharedDecoding))).code).toBe('library-incomplete');
  const { library, rebuilt } = await reopened(folder);
  const after = rowsOf(library);
  for (const name of Object.keys(rows)) expect(after[name], name).toEqual(rows[name]);
  expect(rebuilt).toMatchObject({
    restored: {
      requests: 5,
      imports: 1,
      images: 6,
      rated: 2,
      favourites: 1,
      rejected: 1,
      notes: 1,
      tags: 4,
      collections: 3,
      links: 1,
    },
    unused: 0,
    missingFiles: 0,
    unlistedFiles: 0,
    kept: null,
  });
  const { find } = askLibrary(library);
  expect(find('fox')).toHaveLength(3);
  expect(find('tag:client/acme')).toHaveLength(2);
  expect(find('in:Winter')).toHaveLength(2);
  const [edit] = find('dusk');
  if (!edit) throw new Error('The edit.');
  expect((await readFamily(library.db, edit.id)).members).toHaveLength(2);
  expect(readImage(library.db, edit.id)?.generation?.inputs[0]?.imageId).not.toBeNull();
  for (const { id } of library.db.prepare<[], { id: never }>('SELECT id FROM jobs').all())
    expect(readJob(library.db, id)).toMatchObject({ dismissed: true });
  library.close();
});

it.each([
  ['empty', (path: string) => truncateSync(path)],
  ['overwritten with zeros', (path: string) => writeFileSync(path, Buffer.alloc(20_000))],
  ['cut', (path: string) => truncateSync(path, 9000)],
])('a database that is %s is replaced, and kept', async (_, damage) => {
  const { folder, rows } = await furnished();
  for (const end of ['-wal', '-shm']) rmSync(join(folder, `library.db${end}`), { force: true });
  damage(join(folder, 'library.db'));
  const damaged = readFileSync(join(folder, 'library.db'));
  const { library, rebuilt } = await reopened(folder);
  expect(rowsOf(library)).toEqual(rows);
  expect(rebuilt.kept).toMatch(/^library-before-[\dT-]+\.db$/u);
  expect(readFileSync(join(folder, rebuilt.kept ?? '')).equals(damaged)).toBe(true);
  library.close();
});

it('records that can’t be used are named, and the others are used', async () => {
  const { folder } = await furnished();
  removeDatabase(folder);
  const [record = ''] = readdirSync(join(folder, 'records'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /[0-9a-f]{12}\.json$/u.test(name),
  );
  const text = readFileSync(join(folder, 'records', record), 'utf8');
  const twin = record.replace(/.{12}\.json$/u, '000000000001.json');
  writeFileSync(join(folder, 'records', twin), text);
  writeFileSync(join(folder, 'records', record.replace(/.{12}\.json$/u, '000000000002.json')), '{"kind":');
  writeFileSync(
    join(folder, 'records', record.replace(/.{12}\.json$/u, '000000000003.json')),
    text.replace('"version": 2', '"version": 99'),
  );
  const { library, rebuilt } = await reopened(folder);
  expect(rebuilt.unused).toBe(3);
  expect(rebuilt.unusedRecords.map(({ file }) => file.replaceAll('\\', '/'))).toHaveLength(3);
  expect(rebuilt.restored.images).toBe(6);
  library.close();
});

it('without the library’s record, tags and collections come back from the images’ records', async () => {
  const { folder } = await furnished();
  removeDatabase(folder);
  rmSync(join(folder, 'records', 'library.json'));
  const { library, rebuilt } = await reopened(folder);
  expect(rebuilt.restored).toMatchObject({ tags: 4, collections: 3 });
  const { find } = askLibrary(library);
  expect(find('tag:client')).toHaveLength(2);
  expect(find('in:Winter')).toHaveLength(2);
  library.close();
});

it('stopped or failed, it leaves everything as it was', async () => {
  const { folder, rows } = await furnished();
  const before = readFileSync(join(folder, 'library.db'));
  const ending = new AbortController();
  const stopped = rebuildLibrary(folder, { signal: ending.signal, progress: () => undefined });
  ending.abort(new Error('stopped'));
  await expect(stopped).rejects.toThrow('stopped');
  const library = await openLibrary(folder, sharedDecoding);
  expect((await reportOf(() => rebuildLibrary(folder, running()))).code).toBe('library-locked');
  expect(rowsOf(library)).toEqual(rows);
  library.close();
  expect(readFileSync(join(folder, 'library.db')).length).toBe(before.length);
  expect(readdirSync(folder).filter((name) => name.includes('rebuilding') || name.includes('before'))).toEqual([]);
});

it('what an earlier rebuild left when it was killed is no obstacle', async () => {
  const { folder, rows } = await furnished();
  removeDatabase(folder);
  for (const end of ['', '-wal']) writeFileSync(join(folder, `library.rebuilding.db${end}`), 'half');
  const { library } = await reopened(folder);
  expect(rowsOf(library)).toEqual(rows);
  expect(existsSync(join(folder, 'library.rebuilding.db'))).toBe(false);
  library.close();
});

it('files without a record, and records without a file, are counted', async () => {
  const { folder } = await furnished();
  const library = await openLibrary(folder, sharedDecoding);
  const { sha256 } = withBytes(library, await savedImage(library, { prompt: 'not recorded' }));
  const recorded = library.db.prepare<[string], { sha256: Sha256; format: FileFormat }>(
    'SELECT o.* FROM images JOIN originals o USING (sha256) WHERE sha256 <> ?',
  );
  const gone = recorded.get(sha256);
  if (!gone) throw new Error('An original.');
  library.close();
  removeDatabase(folder);
  rmSync(originalPath(folder, gone.sha256, gone.format));
  const { library: after, rebuilt } = await reopened(folder);
  expect(rebuilt).toMatchObject({ unlistedFiles: 1, missingFiles: 1, restored: { images: 6 } });
  after.close();
});

it('rebuilt twice in a moment, both old databases are kept', async () => {
  const { folder, rows } = await furnished();
  const first = await rebuildLibrary(folder, running());
  const second = await rebuildLibrary(folder, running());
  expect(new Set([first.kept, second.kept]).size).toBe(2);
  for (const { kept } of [first, second]) expect(existsSync(join(folder, kept ?? ''))).toBe(true);
  const library = await openLibrary(folder, sharedDecoding);
  expect(rowsOf(library)).toEqual(rows);
  library.close();
});
