import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPromise } from 'yauzl';
import { expect, test } from 'vitest';
import { verifyZip } from '../../../electron/library/export/zip/verify-zip.ts';
import { ZipWriter, type WrittenEntry } from '../../../electron/library/export/zip/zip-writer.ts';
import { emptyFolder } from '../test-library.ts';

const AT = new Date(2026, 5, 15, 12, 30, 10).getTime();
const nothing = (): Promise<void> => Promise.resolve();

async function* parts(...data: Buffer[]): AsyncGenerator<Buffer> {
  for (const part of data) yield await Promise.resolve(part);
}

async function written(
  add: (zip: ZipWriter) => Promise<unknown>,
  limit?: number,
): Promise<{ path: string; entries: readonly WrittenEntry[] }> {
  const path = join(await emptyFolder(), 'a.zip');
  const file = await open(path, 'wx');
  const zip = new ZipWriter(async (data, position) => {
    await file.write(data, 0, data.length, position);
  }, limit);
  await add(zip);
  await zip.finish();
  await file.close();
  return { path, entries: zip.entries };
}

/** Name, content and time of each file, as another program reads them. */
async function contents(path: string): Promise<[string, string, number][]> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  const found: [string, string, number][] = [];
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) chunks.push(chunk);
    found.push([entry.fileName, Buffer.concat(chunks).toString('hex'), entry.getLastModDate().getTime()]);
  }
  zip.close();
  return found;
}

const SOME = [Buffer.from('one '), Buffer.alloc(70_000, 7), Buffer.from('three')];

// With a limit of 100, all sizes, offsets and counts beyond are in ZIP64 fields.
test.each([undefined, 100, 1])('files are read as they were written, with ZIP64 from %s on', async (limit) => {
  const { path, entries } = await written(async (zip) => {
    const options = { at: AT, size: 70_100, deflate: false };
    await zip.add('images/stored.bin', parts(...SOME), options);
    await zip.add('images/émeu 🦤.txt', parts(...SOME), { ...options, deflate: true });
    await zip.add('empty', parts(), { ...options, size: 0 });
    await zip.add('before-dos', parts(Buffer.from('x')), { ...options, at: 0 });
  }, limit);
  const whole = Buffer.concat(SOME).toString('hex');
  expect(await contents(path)).toEqual([
    ['images/stored.bin', whole, AT],
    ['images/émeu 🦤.txt', whole, AT],
    ['empty', '', AT],
    ['before-dos', '78', new Date(1980, 0, 1).getTime()],
  ]);
  expect(entries.map(({ bytes }) => bytes)).toEqual([70_009, 70_009, 0, 1]);
  expect(await verifyZip(path, entries, nothing)).toBeNull();
});

test('more files than can be counted without ZIP64 are counted with it', async () => {
  const { path } = await written(async (zip) => {
    for (let number = 0; number < 300; number += 1)
      await zip.add(`${number}`, parts(), { at: AT, size: 0, deflate: false });
  }, 200);
  const found = await contents(path);
  expect(found).toHaveLength(300);
  expect(found.at(-1)?.[0]).toBe('299');
});

test('a file too many, and one that is missing, are found', async () => {
  const { path, entries } = await written(async (zip) => {
    for (const name of ['a', 'b']) await zip.add(name, parts(SOME[0] as Buffer), { at: AT, size: 9, deflate: false });
  });
  expect(await verifyZip(path, entries.slice(1), nothing)).toContain('in place of');
  expect(await verifyZip(path, entries.slice(0, 1), nothing)).toContain('in place of');
  expect(await verifyZip(path, [...entries, ...entries], nothing)).toContain('missing');
});

test('an empty ZIP is one', async () => {
  const { path } = await written(nothing);
  expect(await contents(path)).toEqual([]);
});

test('any bit of a file’s content that differs is found', async () => {
  const content = Buffer.alloc(400, 'words in a row');
  const { path, entries } = await written(async (zip) => {
    await zip.add('stored', parts(content), { at: AT, size: 400, deflate: false });
    await zip.add('deflated', parts(content), { at: AT, size: 400, deflate: true });
  });
  const bytes = await readFile(path);
  const start = bytes.indexOf('stored') + 'stored'.length;
  const found = async (): Promise<boolean> =>
    verifyZip(path, entries, nothing).then(
      (fault) => fault !== null,
      () => true,
    );
  for (let bit = 0; bit < 40; bit += 1) {
    const at = start + bit * 10;
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << (bit % 8)), at);
    await writeFile(path, changed);
    expect.soft(await found(), `${at}`).toBe(true);
  }
  await writeFile(path, bytes.subarray(0, -30));
  expect(await found()).toBe(true);
});

test('what fails while a file is written is thrown, compressed or not', async () => {
  async function* failing(): AsyncGenerator<Buffer> {
    yield* parts(Buffer.alloc(100_000));
    throw new Error('unreadable');
  }
  const full = new ZipWriter(() => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })));
  for (const deflate of [false, true]) {
    const options = { at: AT, size: 100_000, deflate };
    await expect(written((zip) => zip.add('a', failing(), options))).rejects.toThrow('unreadable');
    await expect(full.add('a', parts(Buffer.alloc(1_000_000, 'ab')), options)).rejects.toThrow('no space');
  }
});
