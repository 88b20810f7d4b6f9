import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { GenerationId } from '../../electron/contract/entities/ids.ts';
import { originalPath } from '../../electron/library/files/folders.ts';
import { readImage } from '../../electron/library/image-record.ts';
import { saveImage } from '../../electron/library/images/save-image.ts';
import { listPendingSaves, recordPendingSave, type PendingSave } from '../../electron/library/files/pending-saves.ts';
import { logRecovery, type Library } from '../../electron/library/library.ts';
import type { ReceivedFile } from '../../electron/library/files/originals.ts';
import { quarantineIncoming } from '../../electron/library/files/quarantine.ts';
import {
  receiveFile,
  intentFor,
  recordRequest,
  reportOf,
  savedImage,
  sha256,
  smallPng,
  testLibrary,
} from './test-library.ts';

const NOBODY = '01890000-0000-7000-8000-000000000000' as GenerationId;

function pendingSaveOf(file: ReceivedFile, generationId: GenerationId): PendingSave {
  return { file, format: 'png', target: { kind: 'image', generationId, position: 0, revisedPrompt: null, at: 1 } };
}

const quarantined = ({ folder }: Library): Buffer[] =>
  readdirSync(join(folder, 'quarantine')).map((name) => readFileSync(join(folder, 'quarantine', name)));

/** Simulates a full disk for renames to these paths, until the test ends or all mocks are restored. */
function refuseRenames(isFull: (to: string) => boolean): void {
  const { rename } = fs;
  vi.spyOn(fs, 'rename').mockImplementation((from, to) =>
    isFull(String(to)) ? Promise.reject(Object.assign(new Error('no room'), { code: 'ENOSPC' })) : rename(from, to),
  );
  onTestFinished(() => void vi.restoreAllMocks());
}

async function reopened(library: Library): Promise<Library> {
  library.close();
  return testLibrary(library.folder);
}

describe('an interrupted save that can’t be completed', () => {
  it('doesn’t block opening: its file is quarantined and the next save is completed', async () => {
    const library = await testLibrary();
    const [lost, found] = [await smallPng(), await smallPng()];
    recordPendingSave(library.db, pendingSaveOf(await receiveFile(library, lost), NOBODY));
    const generationId = recordRequest(library, intentFor('the next one'));
    recordPendingSave(library.db, pendingSaveOf(await receiveFile(library, found), generationId));

    const again = await reopened(library);
    expect(quarantined(again)).toEqual([lost]);
    expect(again.recovery.quarantined).toEqual(readdirSync(join(again.folder, 'quarantine')));
    expect(again.recovery.failures).toHaveLength(1);
    const [imageId] = again.recovery.completed;
    expect(imageId && readImage(again.db, imageId)?.generation?.id).toBe(generationId);
    expect(existsSync(originalPath(again.folder, sha256(lost), 'png'))).toBe(false);

    const third = await reopened(again);
    expect(third.recovery).toEqual({ completed: [], quarantined: [], postponed: [], unsaved: [], failures: [] });
  });

  it('leaves an original in place that another image shares', async () => {
    const library = await testLibrary();
    const bytes = await smallPng();
    const { id } = await savedImage(library, { bytes });
    const file = {
      path: join(library.folder, 'incoming', 'moved-already'),
      bytes: bytes.length,
      sha256: sha256(bytes),
    };
    recordPendingSave(library.db, pendingSaveOf(file, NOBODY));

    const again = await reopened(library);
    expect(readFileSync(originalPath(again.folder, sha256(bytes), 'png'))).toEqual(bytes);
    expect(readImage(again.db, id)).not.toBeNull();
    expect(quarantined(again)).toEqual([]);
    expect(listPendingSaves(again.db, again.folder)).toEqual([]);
  });

  it('is quarantined too if a file is in its way', async () => {
    const library = await testLibrary();
    const bytes = await smallPng();
    recordPendingSave(
      library.db,
      pendingSaveOf(await receiveFile(library, bytes), recordRequest(library, intentFor('no place'))),
    );
    writeFileSync(join(library.folder, 'originals', sha256(bytes).slice(0, 2)), '');
    const again = await reopened(library);
    expect(quarantined(again)).toEqual([bytes]);
    expect(listPendingSaves(again.db, again.folder)).toEqual([]);
  });

  it('because the disk is full waits for the next start, and keeps its request', async () => {
    const library = await testLibrary();
    const generationId = recordRequest(library, intentFor('no room'));
    const file = await receiveFile(library, await smallPng());
    recordPendingSave(library.db, pendingSaveOf(file, generationId));
    writeFileSync(join(library.folder, 'incoming', 'half.part'), 'half of an image');
    refuseRenames((to) => !to.includes('quarantine'));
    const full = await reopened(library);
    expect(full.recovery).toMatchObject({ completed: [], postponed: [basename(file.path)] });
    // Until then it is tried again, as every image that isn't saved yet.
    expect(full.recovery.unsaved).toMatchObject([{ input: { generationId, file: { path: file.path } } }]);
    expect(full.recovery.quarantined).toHaveLength(1);
    expect(existsSync(file.path)).toBe(true);

    vi.restoreAllMocks();
    const again = await reopened(full);
    const [imageId] = again.recovery.completed;
    expect(imageId && readImage(again.db, imageId)?.generation?.id).toBe(generationId);
    expect(again.recovery).toMatchObject({ quarantined: [], postponed: [] });
  });

  it('and can’t be quarantined stays, is reported, and doesn’t block opening', async () => {
    const library = await testLibrary();
    writeFileSync(join(library.folder, 'incoming', 'half.part'), 'half of an image');
    refuseRenames(() => true);
    const { recovery } = await reopened(library);
    expect(recovery).toMatchObject({ quarantined: [], postponed: ['half.part'] });
    expect(recovery.failures).toHaveLength(1);
  });

  it('never touches files outside the incoming folder', async () => {
    const library = await testLibrary();
    const bytes = Buffer.from('somebody’s diary');
    const diary = join(library.folder, 'diary');
    writeFileSync(diary, bytes);
    recordPendingSave(library.db, pendingSaveOf({ path: 'diary', bytes: bytes.length, sha256: sha256(bytes) }, NOBODY));
    library.db.exec("UPDATE landings SET file = '../diary'");
    const again = await reopened(library);
    expect(readFileSync(diary)).toEqual(bytes);
    expect(quarantined(again)).toEqual([]);
  });
});

describe('quarantining a file', () => {
  it('moves it, and deletes an empty one', async () => {
    const library = await testLibrary();
    const part = join(library.folder, 'incoming', 'half.part');
    writeFileSync(part, 'half');
    const kept = await quarantineIncoming(library, part);
    expect(readFileSync(kept ?? '', 'utf8')).toBe('half');
    expect(existsSync(part)).toBe(false);
    expect(await quarantineIncoming(library, part)).toBeNull();
    writeFileSync(part, '');
    expect(await quarantineIncoming(library, part)).toBeNull();
    expect(readdirSync(join(library.folder, 'incoming'))).toEqual([]);
    expect(quarantined(library)).toHaveLength(1);
  });

  it('leaves an image whose save can still be completed', async () => {
    const library = await testLibrary();
    const bytes = await smallPng();
    const generationId = recordRequest(library, intentFor('later'));
    const file = await receiveFile(library, bytes);
    mkdirSync(join(library.folder, 'originals'), { recursive: true });
    writeFileSync(join(library.folder, 'originals', sha256(bytes).slice(0, 2)), '');
    await reportOf(() => saveImage(library, { generationId, position: 0, file, revisedPrompt: null, at: 1 }));
    expect(await quarantineIncoming(library, file.path)).toBeNull();
    expect(existsSync(file.path)).toBe(true);
    rmSync(join(library.folder, 'originals', sha256(bytes).slice(0, 2)));
    expect((await reopened(library)).recovery.completed).toHaveLength(1);
  });
});

it('deletes what a storage check left among the originals when it was cut off', async () => {
  const library = await testLibrary();
  await savedImage(library);
  const originals = join(library.folder, 'originals');
  const before = readdirSync(originals);
  writeFileSync(join(originals, 'derived-check-cut-off'), 'probe');
  expect(readdirSync(join((await reopened(library)).folder, 'originals'))).toEqual(before);
});

describe('the recovery log', () => {
  it('has counts and folders, and is empty if nothing was recovered', async () => {
    const library = await testLibrary();
    const told: string[] = [];
    logRecovery(library, (sentence) => void told.push(sentence));
    expect(told).toEqual([]);
    recordPendingSave(library.db, pendingSaveOf(await receiveFile(library, await smallPng()), NOBODY));
    writeFileSync(join(library.folder, 'incoming', 'half.part'), 'half');
    const again = await reopened(library);
    logRecovery(again, (sentence) => void told.push(sentence));
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('2 files');
    expect(told[0]).toContain(join(again.folder, 'quarantine'));
  });
});
