import Database from 'better-sqlite3';
import fs from 'node:fs/promises';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { originalPath, thumbnailPath } from '../../../electron/library/files/folders.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { savePartial, saveImage } from '../../../electron/library/images/save-image.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import { readJob } from '../../../electron/library/jobs/jobs.ts';
import { readLibraryTotals, locateFile } from '../../../electron/library/library.ts';
import { saveSteps } from '../../../electron/library/files/originals.ts';
import type { GenerationId } from '../../../electron/contract/entities/ids.ts';
import {
  receiveFile,
  intentFor,
  recordRequest,
  reportOf,
  savedImage,
  sha256,
  smallPng,
  testLibrary,
} from '../test-library.ts';

/** Records the calls that make files durable, in order, while they run for real. */
async function watchDisk(folder: string): Promise<string[]> {
  const seen: string[] = [];
  const short = (path: unknown): string =>
    String(path)
      .replace(`${folder}/`, '')
      .replace(/\/[0-9a-f-]{36}\.part$/u, '/TEMP');
  const probe = await fs.open(folder, 'r');
  const handles = Object.getPrototypeOf(probe) as fs.FileHandle;
  await probe.close();
  const paths = new WeakMap<fs.FileHandle, unknown>();
  const { open, rename } = fs;
  vi.spyOn(fs, 'open').mockImplementation(async (...given) => {
    const handle = await open(...given);
    paths.set(handle, given[0]);
    return handle;
  });
  const { sync } = handles;
  vi.spyOn(handles, 'sync').mockImplementation(async function (this: fs.FileHandle) {
    await sync.call(this);
    seen.push(`sync ${short(paths.get(this))}`);
  });
  vi.spyOn(fs, 'rename').mockImplementation(async (from, to) => {
    await rename(from, to);
    seen.push(`rename ${short(from)} ${short(to)}`);
  });
  const { transaction } = Database.prototype;
  vi.spyOn(Database.prototype, 'transaction').mockImplementation(function (this: Database.Database, body) {
    const immediate = (): unknown => {
      const result: unknown = transaction.call(this, body).immediate();
      seen.push(`commit synchronous=${String(this.pragma('synchronous', { simple: true }))}`);
      return result;
    };
    return { immediate } as never;
  });
  onTestFinished(() => void vi.restoreAllMocks());
  return seen;
}

/** Limits the database's size: SQLite then reports a full disk. */
function fill(db: Database.Database): void {
  db.pragma(`max_page_count = ${String(db.pragma('page_count', { simple: true }))}`);
}

const UNSAVED = 'An image was received but couldn’t be saved in the library';
const KEPT = 'It’s kept and will be saved as soon as possible. Billed.';

describe('saving an image', () => {
  it('stores the bytes unchanged by their hash and returns the image', async () => {
    const library = await testLibrary();
    const bytes = await smallPng(64, 48);
    const intent = intentFor('a quiet harbour', { createdAt: 1_700_000_000_000 });
    const generationId = recordRequest(library, intent);
    const file = await receiveFile(library, bytes);
    const image = await saveImage(library, {
      generationId,
      position: 0,
      file,
      revisedPrompt: 'revised',
      at: 1_700_000_001_234,
    });

    expect(image).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/u) as string,
      jobId: intent.id,
      generationId,
      prompt: 'a quiet harbour',
      model: 'gpt-image-2',
      createdAt: 1_700_000_001_234,
      width: 64,
      height: 48,
      format: 'png',
      bytes: bytes.length,
      hasAlpha: false,
      thumbhash: null,
    });
    const path = originalPath(library.folder, sha256(bytes), 'png');
    expect(path).toContain(join('originals', sha256(bytes).slice(0, 2), `${sha256(bytes).slice(2)}.png`));
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(existsSync(file.path)).toBe(false);

    const record = readImage(library.db, image.id);
    expect(record).toMatchObject({ position: 0, sha256: sha256(bytes), revisedPrompt: 'revised', siblings: [image] });
    expect(record?.generation?.id).toBe(generationId);
    expect(readJob(library.db, intent.id)?.generations[0]?.images).toEqual([image]);
  });

  const row = { index: 0, position: 0, revisedPrompt: null };
  it.each([
    ['image', saveImage],
    ['partial image', savePartial],
  ])('makes content, name, folder and row of a %s durable in this order before it resolves', async (_, save) => {
    const library = await testLibrary();
    const generationId = recordRequest(library, intentFor('order'));
    const bytes = await smallPng();
    const file = await receiveFile(library, bytes);
    const original = `originals/${sha256(bytes).slice(0, 2)}/${sha256(bytes).slice(2)}.png`;
    const steps: string[] = [];
    const note = (message: unknown): void => void steps.push((message as { step: string }).step);
    saveSteps.subscribe(note);
    onTestFinished(() => {
      saveSteps.unsubscribe(note);
    });

    const seen = await watchDisk(library.folder);
    await save(library, { ...row, generationId, file, at: Date.now() });
    seen.push('answered');

    expect(seen).toEqual([
      'commit synchronous=2', // whose image it is
      'sync incoming/TEMP',
      'sync originals', // the new folder's name
      `rename incoming/TEMP ${original}`,
      `sync ${dirname(original)}`,
      'commit synchronous=2', // the row, and the words of an image
      'answered',
    ]);
    expect(steps).toEqual(['pending-save-recorded', 'file-synced', 'renamed', 'folder-synced', 'committed']);
  });

  it('keeps one file for identical bytes, and an image for each receipt', async () => {
    const library = await testLibrary();
    const bytes = await smallPng();
    const first = await savedImage(library, { bytes, at: 1000 });
    const second = await savedImage(library, { bytes, at: 2000 });
    expect(second.id).not.toBe(first.id);
    expect(readLibraryTotals(library.db)).toEqual({ images: 2, bytes: bytes.length });
    expect(readdirSync(join(library.folder, 'originals', sha256(bytes).slice(0, 2)))).toHaveLength(1);
    expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
  });

  it('never rejects an image because its position is taken', async () => {
    const library = await testLibrary();
    const generationId = recordRequest(library, intentFor('twice at place 0'));
    const save = async (): Promise<void> => {
      const file = await receiveFile(library, await smallPng());
      await saveImage(library, { generationId, position: 0, file, revisedPrompt: null, at: 5 });
    };
    await Promise.all([save(), save(), save()]);
    const positions = library.db.prepare('SELECT position FROM images ORDER BY position').pluck().all();
    expect(positions).toEqual([0, 1, 2]);
  });

  it.each([
    [
      'an image cut short',
      async () => (await smallPng(200, 200)).subarray(0, 3000),
      { width: 200, height: 200, format: 'png', flaw: 'truncated' },
    ],
    [
      'bytes that are no image',
      () => Promise.resolve(Buffer.from('not an image at all')),
      { width: 0, height: 0, format: 'text', flaw: 'not-an-image' },
    ],
    [
      'a PNG signature and nothing else',
      () => Promise.resolve(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')),
      { width: 0, height: 0, format: 'png', flaw: 'truncated' },
    ],
  ])('keeps %s and marks it as damaged', async (_, make, facts) => {
    const library = await testLibrary();
    const bytes = await make();
    const saved = await savedImage(library, { bytes });
    const developed = await createThumbnails(library, saved.id);
    expect(developed).toMatchObject({ ...facts, thumbhash: null, bytes: bytes.length });
    expect(readImage(library.db, saved.id)?.flaw).toBe(facts.flaw);
    const kept = locateFile(library, { kind: 'original', imageId: saved.id });
    expect(readFileSync(kept?.path ?? '').equals(bytes)).toBe(true);
  });

  it('leaves the received file in place if the library isn’t writable, and says so without a path', async () => {
    const library = await testLibrary();
    const generationId = recordRequest(library, intentFor('no room'));
    const bytes = await smallPng();
    const file = await receiveFile(library, bytes);
    // A file in the folder's place: fails for every user, root too.
    writeFileSync(join(library.folder, 'originals', sha256(bytes).slice(0, 2)), '');
    const refused = await reportOf(() =>
      saveImage(library, { generationId, position: 0, file, revisedPrompt: null, at: 1 }),
    );
    expect(refused).toMatchObject({ code: 'disk-unwritable', billing: 'billed' });
    expect(refused.message).toBe(`${UNSAVED}: the library folder can’t be written. ${KEPT}`);
    expect(readFileSync(file.path).equals(bytes)).toBe(true);
    expect(readLibraryTotals(library.db).images).toBe(0);

    // Once the folder is writable, the next start completes the save.
    rmSync(join(library.folder, 'originals', sha256(bytes).slice(0, 2)));
    library.close();
    const again = await testLibrary(library.folder);
    expect(again.recovery.completed).toHaveLength(1);
    const [imageId] = again.recovery.completed;
    expect(imageId && readImage(again.db, imageId)?.generation?.id).toBe(generationId);
  });

  it('says that the image is kept if the disk is full, and keeps the database intact', async () => {
    const library = await testLibrary();
    const { db } = library;
    const generationId = recordRequest(library, intentFor('full'));
    const file = await receiveFile(library, await smallPng());
    fill(db);
    const refused = await reportOf(() =>
      saveImage(library, { generationId, position: 0, file, revisedPrompt: 'y'.repeat(20_000), at: 1 }),
    );
    expect(refused).toMatchObject({ code: 'disk-full', billing: 'billed' });
    expect(refused.message).toBe(`${UNSAVED}: the library’s disk is full. ${KEPT}`);
    expect(existsSync(file.path)).toBe(true);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(readLibraryTotals(db).images).toBe(0);
  });

  const spoilTable = (db: Database.Database): void => void db.exec('ALTER TABLE originals RENAME TO elsewhere');
  it.each<[string, (db: Database.Database) => void, string, 'billed' | 'possible']>([
    ['a full disk', fill, 'disk-full', 'billed'],
    ['an internal error', spoilTable, 'internal', 'billed'],
    ['an internal error', spoilTable, 'internal', 'possible'],
  ])('after the move, %s is reported with billing, and saving may be repeated', async (_, spoil, code, billing) => {
    const library = await testLibrary();
    const generationId = recordRequest(library, intentFor('moved already'));
    const bytes = await smallPng();
    const file = await receiveFile(library, bytes);
    const spoilOnceMoved = (message: unknown): void => {
      if ((message as { step: string }).step === 'folder-synced') spoil(library.db);
    };
    saveSteps.subscribe(spoilOnceMoved);
    onTestFinished(() => {
      saveSteps.unsubscribe(spoilOnceMoved);
    });
    const refused = await reportOf(() =>
      billing === 'billed'
        ? saveImage(library, { generationId, position: 0, file, revisedPrompt: 'y'.repeat(200_000), at: 1 })
        : savePartial(library, { generationId, index: 0, file, at: 1 }),
    );
    expect(refused).toMatchObject({ code, billing });
    const original = originalPath(library.folder, sha256(bytes), 'png');
    expect(refused.message).toContain(UNSAVED);
    expect(refused.message).not.toContain(library.folder);
    expect(refused.message.endsWith(' Billed.')).toBe(billing === 'billed');
    expect(readFileSync(original).equals(bytes)).toBe(true);
  });

  it('retries while a virus scanner has the file open on Windows', async () => {
    const library = await testLibrary();
    const generationId = recordRequest(library, intentFor('looked at'));
    const bytes = await smallPng();
    const file = await receiveFile(library, bytes);
    const { platform } = process;
    Object.defineProperty(process, 'platform', { value: 'win32' });
    const busy = Object.assign(new Error('looked at'), { code: 'EBUSY' });
    vi.spyOn(fs, 'rename').mockRejectedValueOnce(busy).mockRejectedValueOnce(busy);
    onTestFinished(() => {
      Object.defineProperty(process, 'platform', { value: platform });
      vi.restoreAllMocks();
    });
    await saveImage(library, { generationId, position: 0, file, revisedPrompt: null, at: 1 });
    expect(readFileSync(originalPath(library.folder, sha256(bytes), 'png')).equals(bytes)).toBe(true);
  });

  it('rejects a file whose size differs, and leaves it', async () => {
    const library = await testLibrary();
    const generationId = recordRequest(library, intentFor('changed'));
    const file = await receiveFile(library, await smallPng());
    writeFileSync(file.path, 'shorter');
    const save = (): Promise<unknown> =>
      saveImage(library, { generationId, position: 0, file, revisedPrompt: null, at: 1 });
    expect((await reportOf(save)).code).toBe('file-missing');
    expect(readFileSync(file.path, 'utf8')).toBe('shorter');
    rmSync(file.path);
    const gone = await reportOf(save);
    expect(gone).toMatchObject({ code: 'file-missing', billing: 'billed' });
    expect(gone.message).toContain('is gone');
  });

  it('rejects an image of an unknown request, and leaves its file', async () => {
    const library = await testLibrary();
    const file = await receiveFile(library, await smallPng());
    const generationId = '01890000-0000-7000-8000-000000000000' as GenerationId;
    const refused = await reportOf(() =>
      saveImage(library, { generationId, position: 0, file, revisedPrompt: null, at: 1 }),
    );
    expect(refused).toMatchObject({ code: 'not-found', billing: 'billed' });
    expect(refused.message).toBe(`${UNSAVED}. ${KEPT}`);
    expect(existsSync(file.path)).toBe(true);
  });
});

describe('partial images', () => {
  it('are stored, listed with their request, and found by index', async () => {
    const library = await testLibrary();
    const intent = intentFor('coming into focus');
    const generationId = recordRequest(library, intent);
    const coarse = await smallPng();
    const fine = await smallPng();
    const saved = [
      await savePartial(library, { generationId, index: 0, file: await receiveFile(library, coarse), at: 10 }),
      await savePartial(library, { generationId, index: 1, file: await receiveFile(library, fine), at: 20 }),
    ];
    expect(saved[1]).toEqual({ generationId, index: 1, arrivedAt: 20, bytes: fine.length });
    expect(readJob(library.db, intent.id)?.generations[0]?.partials).toEqual(saved);
    const located = locateFile(library, { kind: 'partial', generationId, index: 1 });
    expect(located).toMatchObject({ mediaType: 'image/png' });
    expect(readFileSync(located?.path ?? '').equals(fine)).toBe(true);
    expect(locateFile(library, { kind: 'partial', generationId, index: 2 })).toBeNull();
    expect(readLibraryTotals(library.db).images).toBe(0);
  });
});

describe('locating a file', () => {
  it('returns the original until a thumbnail exists, then the thumbnail', async () => {
    const library = await testLibrary();
    const bytes = await smallPng(900, 300);
    const { id: imageId } = await savedImage(library, { bytes });
    expect(locateFile(library, { kind: 'thumbnail', imageId })).toMatchObject({
      mediaType: 'image/png',
      cacheable: false,
    });
    await createThumbnails(library, imageId);
    const thumbnail = locateFile(library, { kind: 'thumbnail', imageId });
    expect(thumbnail).toMatchObject({ mediaType: 'image/webp', cacheable: true });
    expect(locateFile(library, { kind: 'original', imageId })).toMatchObject({ mediaType: 'image/png' });

    rmSync(thumbnailPath(library.folder, sha256(bytes), 512));
    expect(locateFile(library, { kind: 'preview', imageId })?.mediaType).toBe('image/png');
    rmSync(originalPath(library.folder, sha256(bytes), 'png'));
    expect(locateFile(library, { kind: 'original', imageId })).toBeNull();
    expect((await reportOf(() => createThumbnails(library, imageId))).code).toBe('file-missing');
  });
});
