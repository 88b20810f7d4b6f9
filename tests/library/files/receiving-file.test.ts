import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { GenerationId } from '../../../electron/contract/entities/ids.ts';
import { readReceivedName, receivedName } from '../../../electron/library/files/received-name.ts';
import { ReceivingFile } from '../../../electron/library/files/receiving-file.ts';
import { RescueFolders } from '../../../electron/library/files/rescue-folders.ts';
import { canMount, smallVolume } from '../../fakes/small-volume.ts';
import { emptyFolder } from '../test-library.ts';

const OWNER = {
  generationId: '01890000-0000-7000-8000-000000000000' as GenerationId,
  kind: 'image',
  position: 2,
} as const;

interface Place {
  incoming: string;
  rescue: string;
  errors: unknown[];
  open(): Promise<ReceivingFile>;
}

async function place(incoming?: string, candidates?: string[]): Promise<Place> {
  const folder = await emptyFolder();
  const rescue = join(folder, 'rescue');
  const into = incoming ?? join(folder, 'incoming');
  mkdirSync(into, { recursive: true });
  const errors: unknown[] = [];
  const options = {
    folder: into,
    rescue: new RescueFolders(candidates ?? [rescue], statSync(into, { bigint: true }).dev),
    onRescue: (thrown: unknown) => void errors.push(thrown),
  };
  return { incoming: into, rescue, errors, open: () => ReceivingFile.open(OWNER, options) };
}

test('a name tells its owner from the first byte, and that the file is complete', async () => {
  const { incoming, open } = await place();
  const file = await open();
  const [name = ''] = readdirSync(incoming);
  expect(readReceivedName(name)).toEqual({ ...OWNER, complete: false });
  const path = await file.complete('image');
  expect(readReceivedName(basename(path))).toEqual({ ...OWNER, complete: true });
  expect(readReceivedName('derived-1')).toBeNull();
  expect(readReceivedName('answer-../../x-image-0-00000000')).toBeNull();
  expect(readReceivedName(`${receivedName(OWNER)}.part.part`)).toBeNull();
});

const FAILURES: Record<string, (incoming: string) => void> = {
  renamed: (incoming) => renameSync(incoming, `${incoming}-away`),
  deleted: (incoming) => rmSync(incoming, { recursive: true }),
  'replaced by a file': (incoming) => {
    rmSync(incoming, { recursive: true });
    writeFileSync(incoming, '');
  },
};

describe('a folder that fails while an image arrives', () => {
  test.each(Object.entries(FAILURES))('%s: the image is complete in the rescue folder', async (_name, fail) => {
    const { incoming, rescue, errors, open } = await place();
    const file = await open();
    const [first, second] = [randomBytes(700_000), randomBytes(5)];
    await file.write(first);
    fail(incoming);
    await file.write(second);
    const path = await file.complete('image');
    expect(dirname(path)).toBe(rescue);
    expect(readFileSync(path)).toEqual(Buffer.concat([first, second]));
    expect(readReceivedName(basename(path))).toEqual({ ...OWNER, complete: true });
    expect(readdirSync(rescue)).toEqual([basename(path)]);
    expect(errors).toHaveLength(1);
  });

  test('and a rescue folder whose disk takes a part of each write: complete', async () => {
    const { incoming, rescue, open } = await place();
    const file = await open();
    const [first, second] = [randomBytes(700_000), randomBytes(1000)];
    await file.write(first);
    renameSync(incoming, `${incoming}-away`);
    const openFile = fs.open.bind(fs);
    const spy = vi.spyOn(fs, 'open').mockImplementation(async (path, ...more) => {
      const handle = await openFile(path, ...more);
      if (!String(path).startsWith(rescue)) return handle;
      const write = handle.write.bind(handle) as (...args: [Buffer, number, number, number]) => Promise<unknown>;
      const writePart = (bytes: Buffer, from: number, length: number, at: number): Promise<unknown> =>
        write(bytes, from, Math.ceil(length / 2), at);
      return Object.assign(handle, { write: writePart });
    });
    onTestFinished(() => spy.mockRestore());
    await file.write(second);
    expect(readFileSync(await file.complete('image')).equals(Buffer.concat([first, second]))).toBe(true);
  });

  test('before the first byte', async () => {
    const { incoming, rescue, open } = await place();
    rmSync(incoming, { recursive: true });
    const file = await open();
    await file.write(Buffer.from('abc'));
    expect(readFileSync(await file.keep(), 'utf8')).toBe('abc');
    expect(readdirSync(rescue)).toHaveLength(1);
  });

  test('without a rescue folder that takes it: the error, and what was received stays', async () => {
    const { incoming, open } = await place(undefined, ['/dev/null/rescue']);
    const file = await open();
    await file.write(Buffer.from('abc'));
    renameSync(incoming, `${incoming}-away`);
    await expect(file.complete('image')).rejects.toMatchObject({ code: 'ENOENT' });
    const [name = ''] = readdirSync(`${incoming}-away`);
    expect(readFileSync(join(`${incoming}-away`, name), 'utf8')).toBe('abc');
  });
});

describe.runIf(canMount)('on a volume of its own', () => {
  test('that fills up in the middle of an image: complete on another volume, the room is free again', async () => {
    const volume = smallVolume(2);
    const near = join(volume.folder, 'near');
    const folder = await emptyFolder();
    const { errors, open } = await place(join(volume.folder, 'incoming'), [near, join(folder, 'far')]);
    const file = await open();
    const image = randomBytes(6 * 1024 * 1024);
    for (let at = 0; at < image.length; at += 262_144) await file.write(image.subarray(at, at + 262_144));
    const path = await file.complete('image');
    expect(dirname(path)).toBe(join(folder, 'far'));
    expect(readFileSync(path).equals(image)).toBe(true);
    expect(errors).toHaveLength(1);
    expect(readdirSync(join(volume.folder, 'incoming'))).toEqual([]);
    expect(existsSync(near)).toBe(true);
  });
});
