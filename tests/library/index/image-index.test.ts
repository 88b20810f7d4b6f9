import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { IndexStatus, View, ViewQuestion } from '../../../electron/contract/entities/views.ts';
import { openUntrusted, type Readable } from '../../../electron/library/db/database.ts';
import { startImageIndex, type ImageIndex } from '../../../electron/library/index/image-index.ts';
import type { FromWorker } from '../../../electron/library/index/messages.ts';
import { IndexServer } from '../../../electron/library/index/serve-index.ts';
import { storedIndexPath } from '../../../electron/library/index/stored-index.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { failThread } from '../failed-thread.ts';
import { emptyFolder, reportOf, testLibrary } from '../test-library.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { RandomLibrary } from './random-library.ts';
import { ALL_IMAGES } from '../../all-images.ts';

const ALL: ViewQuestion = { ...ALL_IMAGES, grouping: 'day' };

/** The message that the index is ready. */
const READY: unknown = expect.objectContaining({
  kind: 'status',
  status: expect.objectContaining({ ready: true }) as unknown,
});

interface Started {
  index: ImageIndex;
  log: string[];
  statuses: IndexStatus[];
  threads: Worker[];
}

async function start(library: Library, idleMs = 5, maxEndMs = 60_000): Promise<Started> {
  const log: string[] = [];
  const statuses: IndexStatus[] = [];
  const threads: Worker[] = [];
  const index = startImageIndex(library, {
    onStatus: (status) => statuses.push(status),
    log: (sentence, thrown) => log.push(`${sentence}: ${String(thrown)}`),
    idleMs,
    maxEndMs,
    startThread(entry, options) {
      const thread = new Worker(entry, options);
      threads.push(thread);
      return thread;
    },
  });
  onTestFinished(() => index.close());
  await ready(index);
  return { index, log, statuses, threads };
}

const ready = (index: ImageIndex): Promise<void> => expect.poll(() => index.status.ready, { interval: 10 }).toBe(true);

const ask = (index: ImageIndex, question: Partial<ViewQuestion> = {}): Promise<View> =>
  index.ask('ask', { question: { ...ALL, ...question } });

async function filled(jobs = 30): Promise<{ library: Library; random: RandomLibrary }> {
  const library = await testLibrary();
  const random = new RandomLibrary(library.db, 7);
  library.db.transaction(() => {
    for (let job = 0; job < jobs; job += 1) random.addJob();
  })();
  return { library, random };
}

/** So many changes that the index is stored. */
function changeMuch(library: Library): void {
  library.db.transaction(() => {
    for (let round = 0; round < 80; round += 1) library.db.exec('UPDATE images SET rating = (rating + 1) % 6');
  })();
}

const visible = ({ db }: Library): number =>
  db.prepare<[], number>('SELECT count(*) FROM images WHERE deleted_at IS NULL').pluck().get() ?? -1;

afterEach(() => vi.restoreAllMocks());

describe('the index of an open library', () => {
  it('answers with what was just written, and says that there is a newer revision', async () => {
    const { library, random } = await filled();
    const { index, statuses } = await start(library);
    const before = await ask(index);
    expect(before.total).toBe(visible(library));
    random.addJob();
    const after = await ask(index);
    expect(after.total).toBe(visible(library));
    expect(after.revision).toBeGreaterThan(before.revision);
    await expect.poll(() => statuses.at(-1)).toMatchObject({ ready: true, revision: after.revision });
    library.db.exec('UPDATE images SET favourite = 1');
    index.refresh();
    await expect.poll(() => index.status.revision).toBeGreaterThan(after.revision);
  });

  it('keeps eight views; an older one expires, and so do all when its thread ends', async () => {
    const { library } = await filled(5);
    const { index, log, threads } = await start(library);
    const views: View[] = [];
    for (let rating = 0; rating < 9; rating += 1) views.push(await ask(index, { query: `width:>=${rating}` }));
    const rows = (view: View): Promise<unknown> => index.ask('rows', { viewId: view.id, from: 0, count: 5 });
    expect(await reportOf(() => rows(views[0]!))).toMatchObject({ code: 'view-expired' });
    await rows(views[8]!);
    await failThread(threads[0]!);
    expect(await reportOf(() => ask(index))).toMatchObject({ code: 'index-loading' });
    await ready(index);
    expect((await ask(index)).total).toBe(visible(library));
    expect(await reportOf(() => rows(views[8]!))).toMatchObject({ code: 'view-expired' });
    expect(log.join()).toContain('thread has ended');
  });

  it('can be closed at any moment of its start, and its thread ends by itself', async () => {
    const { library } = await filled();
    for (const pause of [0, 5, 20, 60, 120, 200]) {
      const log: string[] = [];
      const threads: Worker[] = [];
      const index = startImageIndex(library, {
        onStatus: () => undefined,
        log: (sentence) => log.push(sentence),
        maxEndMs: 60_000,
        startThread(entry, options) {
          threads.push(new Worker(entry, options));
          return threads[0]!;
        },
      });
      const codes: number[] = [];
      threads[0]!.once('exit', (code) => codes.push(code));
      await delay(pause);
      await index.close();
      expect({ codes, log }).toEqual({ codes: [0], log: [] });
    }
  });

  it('answers an old view by its images, also after one was inserted before them', async () => {
    const { library, random } = await filled(10);
    const { index } = await start(library);
    const view = await ask(index);
    const rows = await index.ask('rows', { viewId: view.id, from: 0, count: 500 });
    const ids = rows.map((row) => row!.id);
    // Clocks of all jobs are random, so some images come between the others.
    for (let job = 0; job < 10; job += 1) random.addJob();
    const newer = await ask(index);
    expect(newer.total).toBeGreaterThan(view.total);
    expect(await index.ask('rows', { viewId: view.id, from: 0, count: 500 })).toEqual(rows);
    expect(await index.ask('positions', { viewId: view.id, imageIds: ids })).toEqual(ids.map((_, place) => place));
    expect((await index.ask('facets', { viewId: view.id })).facets).not.toEqual([]);
    library.db.prepare('DELETE FROM images WHERE id = ?').run(ids[1]);
    const [first, second] = await index.ask('rows', { viewId: view.id, from: 0, count: 2 });
    expect(first).toEqual(rows[0]);
    expect(second).toBeNull();
  });

  it('has a shape for every ratio, and no ratio of zero', async () => {
    const { library } = await filled(40);
    const { index } = await start(library);
    const view = await ask(index, { sort: { by: 'size', descending: false } });
    const shape = await index.ask('shape', { viewId: view.id });
    const rows = await index.ask('rows', { viewId: view.id, from: 0, count: 500 });
    expect([...shape]).toEqual(
      rows.map((row) => {
        const { width, height } = row!;
        if (width === 0) return 4096;
        return Math.min(65_535, Math.max(1, Math.round((width / height) * 4096)));
      }),
    );
    expect([...shape]).toContain(65_535);
    expect([...shape]).toContain(1);
  });
});

describe('the stored index', () => {
  async function stored(): Promise<{ folder: string; path: string; images: number }> {
    const folder = join(await emptyFolder(), 'library');
    const library = await openLibrary(folder, sharedDecoding);
    const random = new RandomLibrary(library.db, 3);
    library.db.transaction(() => {
      for (let job = 0; job < 30; job += 1) random.addJob();
      for (let edit = 0; edit < 100; edit += 1) random.edit();
    })();
    changeMuch(library);
    const { index } = await start(library);
    const path = storedIndexPath(folder);
    await expect.poll(() => existsSync(path)).toBe(true);
    const logged = library.db.prepare('SELECT count(*) FROM index_log').pluck();
    await expect.poll(() => logged.get()).toBe(0);
    await index.close();
    const images = visible(library);
    library.close();
    return { folder, path, images };
  }

  async function reopened(folder: string): Promise<Started & { library: Library }> {
    const library = await testLibrary(folder);
    return { library, ...(await start(library, 60_000)) };
  }

  it('is used after a restart, with what has changed since', async () => {
    const { folder, images } = await stored();
    const { index, log, library, statuses } = await reopened(folder);
    expect(statuses).toHaveLength(1);
    const before = await ask(index, { query: 'rating:>=3' });
    library.db.exec('UPDATE images SET rating = 5');
    expect((await ask(index, { query: 'rating:5' })).total).toBe(images);
    expect(before.all).toBe(images);
    expect(log).toEqual([]);
  });

  it('is stored when the index is closed, and what it has is taken from the log at the next start', async () => {
    const folder = join(await emptyFolder(), 'library');
    const library = await openLibrary(folder, sharedDecoding);
    const random = new RandomLibrary(library.db, 3);
    library.db.transaction(() => {
      for (let job = 0; job < 30; job += 1) random.addJob();
    })();
    changeMuch(library);
    const { index } = await start(library, 60_000);
    library.db.exec('UPDATE images SET rating = 2');
    const images = visible(library);
    await index.close();
    library.close();
    expect(existsSync(storedIndexPath(folder))).toBe(true);
    expect(existsSync(`${storedIndexPath(folder)}.tmp`)).toBe(false);
    const again = await reopened(folder);
    expect(again.log).toEqual([]);
    expect(again.statuses).toHaveLength(1);
    expect((await ask(again.index, { query: 'rating:2' })).total).toBe(images);
    const logged = again.library.db.prepare('SELECT count(*) FROM index_log').pluck();
    await expect.poll(() => logged.get()).toBe(0);
  });

  it('is left as it is when the thread can’t store it in time', async () => {
    const { folder, path } = await stored();
    const before = readFileSync(path);
    const library = await openLibrary(folder, sharedDecoding);
    changeMuch(library);
    const { index, threads } = await start(library, 60_000, 50);
    // A thread that doesn't answer any more.
    const posted = vi.spyOn(threads[0]!, 'postMessage').mockReturnValue();
    await index.close();
    library.close();
    expect(readFileSync(path).equals(before)).toBe(true);
    posted.mockRestore();
    await failThread(threads[0]!);
  });

  it('is stored after a while, although questions never end', async () => {
    const { folder } = await stored();
    const library = await testLibrary(folder);
    rmSync(storedIndexPath(folder));
    const messages: FromWorker[] = [];
    const db = openUntrusted(library.db.name, { readonly: true }) as Readable;
    onTestFinished(() => void db.close());
    const send = (message: FromWorker): void => void messages.push(message);
    const server = new IndexServer({ folder, db, prefix: 'a', idleMs: 60_000, maxWaitMs: 50, send });
    // It may be stored at once after that.
    await expect.poll(() => messages).toContainEqual(READY);
    const asking = setInterval(() => server.receive({ kind: 'refresh' }), 1);
    onTestFinished(() => clearInterval(asking));
    await expect.poll(() => messages.map(({ kind }) => kind)).toContain('stored');
    expect(existsSync(storedIndexPath(folder))).toBe(true);
    server.close();
  });

  it('is used although the library’s counter is wrong, which reading everything wouldn’t cure', async () => {
    const { folder, images } = await stored();
    const library = await openLibrary(folder, sharedDecoding);
    library.db.exec("UPDATE counters SET value = value + 7 WHERE name = 'pictures'");
    const { index, log } = await start(library, 60_000);
    expect(log).toEqual([]);
    expect((await ask(index)).total).toBe(images);
    await index.close();
    library.close();
  });

  it('isn’t needed, and isn’t used damaged, cut or of another database', async () => {
    const { folder, path, images } = await stored();
    const whole = readFileSync(path);
    const spoiled = (at: number): Buffer => {
      const copy = Buffer.from(whole);
      copy[at] = copy[at]! ^ 1;
      return copy;
    };
    const contents = [
      null,
      Buffer.alloc(0),
      Buffer.from('{}'),
      whole.subarray(0, 5000),
      spoiled(3),
      spoiled(9),
      spoiled(whole.length - 40),
    ];
    const db = openUntrusted(join(folder, 'library.db'), { readonly: true }) as Readable;
    onTestFinished(() => void db.close());
    for (const content of contents) {
      if (content === null) rmSync(path);
      else writeFileSync(path, content);
      const messages: FromWorker[] = [];
      const send = (message: FromWorker): void => void messages.push(message);
      const server = new IndexServer({ folder, db, prefix: 'a', idleMs: 60_000, maxWaitMs: 60_000, send });
      await expect.poll(() => messages).toContainEqual(READY);
      server.receive({ kind: 'question', id: 1, name: 'ask', payload: { question: ALL } });
      expect.soft(messages.at(-1)).toMatchObject({ kind: 'answer', id: 1, value: { total: images } });
      expect.soft(messages.filter(({ kind }) => kind === 'note')).toHaveLength(content === null ? 0 : 1);
    }
    const other = await stored();
    writeFileSync(path, readFileSync(other.path));
    const { log, index } = await reopened(folder);
    expect(log.join()).toContain('another database');
    expect((await ask(index)).total).toBe(images);
  });

  it('isn’t used with a database that was restored from an older copy, or whose log has a gap', async () => {
    const { folder, images } = await stored();
    const library = await openLibrary(folder, sharedDecoding);
    // As an older copy: fewer images, and a revision that the stored index has already seen.
    library.db.exec(`DELETE FROM images WHERE timeline = (SELECT max(timeline) FROM images WHERE deleted_at IS NULL);
      DELETE FROM index_log; UPDATE sqlite_sequence SET seq = seq - 100 WHERE name = 'index_log'`);
    const { index, log } = await start(library, 60_000);
    expect((await ask(index)).total).toBe(images - 1);
    expect(log.join()).toContain('isn’t used');
    await index.close();
    library.db.exec("DELETE FROM index_log; UPDATE sqlite_sequence SET seq = seq + 500 WHERE name = 'index_log'");
    const second = await start(library, 60_000);
    expect((await ask(second.index)).total).toBe(images - 1);
    expect(second.log.join()).toContain('its log begins');
    // The same while it runs.
    library.db.exec('UPDATE images SET rating = 1; DELETE FROM index_log');
    second.index.refresh();
    await expect.poll(() => second.log.join()).toContain('made anew');
    await ready(second.index);
    expect((await ask(second.index, { query: 'rating:1' })).total).toBe(images - 1);
    await second.index.close();
    library.close();
  });

  it('is small: some bytes for each image', async () => {
    const { path, images } = await stored();
    expect(statSync(path).size / images).toBeLessThan(200);
  });
});
