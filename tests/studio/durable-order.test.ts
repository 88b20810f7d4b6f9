import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ImageId } from '../../electron/contract/entities/ids.ts';
import { originalPath } from '../../electron/library/files/folders.ts';
import { saveSteps, type SaveStep } from '../../electron/library/files/originals.ts';
import {
  asked,
  createRequest,
  demoServer,
  startTestServer,
  openTestStudio,
  type TestServer,
  type TestStudio,
} from './test-studio.ts';

interface OriginalRow {
  sha256: Parameters<typeof originalPath>[1];
  format: Parameters<typeof originalPath>[2];
}

/** The library's database as another process sees it: committed rows only. */
function fromOutside(folder: string): Database.Database {
  const db = new Database(join(folder, 'library', 'library.db'), { readonly: true });
  onTestFinished(() => void db.close());
  return db;
}

/**
 * Records in order the steps of every save and every event that shows an image or a partial image for the first time. A name identifies the
 * bytes. When an event is emitted, row and file must already be visible to another process.
 */
function watchOrder({ api, folder }: TestStudio): { seen: string[]; faults: string[] } {
  const seen: string[] = [];
  const faults: string[] = [];
  const noteStep = (message: unknown): void => {
    const { step, file } = message as { step: SaveStep; file: { sha256: string } };
    seen.push(`${step} ${file.sha256}`);
  };
  saveSteps.subscribe(noteStep);
  onTestFinished(() => {
    saveSteps.unsubscribe(noteStep);
  });

  const db = fromOutside(folder);
  const shown = new Set<string>();
  const show = (key: string, sql: string, ...binds: (string | number)[]): void => {
    if (shown.has(key)) return;
    shown.add(key);
    const row = db.prepare<unknown[], OriginalRow>(sql).get(...binds);
    if (!row) faults.push(`${key} has no row`);
    else if (!existsSync(originalPath(join(folder, 'library'), row.sha256, row.format))) faults.push(`${key}: no file`);
    seen.push(`shown ${row?.sha256}`);
  };
  const imageRow = 'SELECT o.sha256, o.format FROM images i JOIN originals o USING (sha256) WHERE i.id = ?';
  const partialRow = `SELECT o.sha256, o.format FROM partials p JOIN originals o USING (sha256)
    WHERE p.generation_id = ? AND p.ordinal = ?`;
  api.subscribe((event) => {
    if (event.type === 'library') {
      const ids = db.prepare<[], { id: ImageId }>('SELECT id FROM images').all();
      seen.push(`library ${ids.length}`);
    }
    if (event.type !== 'job') return;
    for (const { id, images, partials } of event.job.generations) {
      for (const image of images) show(`image ${image.id}`, imageRow, image.id);
      for (const { index } of partials) show(`partial ${id}/${index}`, partialRow, id, index);
    }
  });
  return { seen, faults };
}

const STEPS = ['pending-save-recorded', 'file-synced', 'renamed', 'folder-synced', 'committed'];

/** The bytes in the order of their events. Checks that each file was complete in its folder before its event. */
function shownInOrder(seen: readonly string[]): string[] {
  const shown = seen.filter((line) => line.startsWith('shown ')).map((line) => line.slice(6));
  for (const hash of shown) {
    const own = seen.filter((line) => line.endsWith(` ${hash}`)).map((line) => line.split(' ')[0]);
    expect(own.filter((step) => step !== 'shown')).toEqual(STEPS);
    // Another image's event may show this one once its row exists, shortly before the step "committed" is recorded.
    expect(own.indexOf('shown')).toBeGreaterThan(own.indexOf('folder-synced'));
  }
  return shown;
}

describe('images are on disk before their events', () => {
  test('an image: job and library events come after the commit', async () => {
    const server = await demoServer();
    const studio = await openTestStudio({ baseUrl: server.baseUrl });
    const { seen, faults } = watchOrder(studio);
    await studio.ended((await studio.api.jobs.create(asked(createRequest('A dune')))).id);
    expect(faults).toEqual([]);
    const [hash, ...more] = shownInOrder(seen);
    expect(more).toEqual([]);
    // Thumbnails may emit events afterwards.
    expect(seen.slice(0, 7)).toEqual([...STEPS, 'shown'].map((step) => `${step} ${hash}`).concat('library 1'));
  });

  test('parallel images: each is visible to another process at its event, and no library event comes before its image', async () => {
    const server = await demoServer();
    const studio = await openTestStudio({ baseUrl: server.baseUrl });
    const { seen, faults } = watchOrder(studio);
    await studio.ended((await studio.api.jobs.create(asked(createRequest('Three dunes', { n: 3 })))).id);
    expect(faults).toEqual([]);
    expect(new Set(shownInOrder(seen)).size).toBe(3);
    const counts = seen.filter((line) => line.startsWith('library ')).map((line) => Number(line.slice(8)));
    expect(counts.length).toBeGreaterThanOrEqual(3);
    for (const [index, count] of counts.entries()) expect(count).toBeGreaterThanOrEqual(Math.min(index + 1, 3));
  });

  test('partial images: each is visible to another process at its event', async () => {
    const server = await demoServer();
    const studio = await openTestStudio({ baseUrl: server.baseUrl });
    const { seen, faults } = watchOrder(studio);
    const payload = createRequest('A lighthouse', { stream: true, partial_images: 3 });
    const job = await studio.ended((await studio.api.jobs.create(asked(payload))).id);
    expect(faults).toEqual([]);
    expect(job.generations[0]?.partials).toHaveLength(3);
    expect(new Set(shownInOrder(seen)).size).toBe(4);
  });
});

interface SeenRow {
  job: string;
  job_state: string;
  generation: string;
  state: string;
  billing: string;
  sent_at: number | null;
}

/** A server that reads the library as another process when a POST arrives, before it reads the body or responds. */
async function startObservedServer(): Promise<{ far: TestServer; seen: SeenRow[][]; watch(folder: string): void }> {
  const seen: SeenRow[][] = [];
  let db: Database.Database | null = null;
  const sql = `SELECT j.id AS job, j.state AS job_state, g.id AS generation, g.state, g.billing, g.sent_at
    FROM generations g JOIN jobs j ON j.id = g.job_id ORDER BY g.ordinal`;
  const far = await startTestServer((_request, response) => response.writeHead(500).end('{}'), {
    arrived: () => seen.push(db?.prepare<[], SeenRow>(sql).all() ?? []),
  });
  return { far, seen, watch: (folder) => void (db = fromOutside(folder)) };
}

describe('the intent is on disk before the request is sent', () => {
  test.each([
    ['a JSON response', { n: 2 }],
    ['a stream', { stream: true, partial_images: 2 }],
  ])('%s', async (_name, parameters) => {
    const { far, seen, watch } = await startObservedServer();
    const { api, ended, folder } = await openTestStudio({ baseUrl: far.baseUrl });
    watch(folder);
    const job = await ended((await api.jobs.create(asked(createRequest('Written down', parameters)))).id);
    expect(seen).toEqual([
      [
        {
          job: job.id,
          job_state: 'running',
          generation: job.generations[0]?.id,
          state: 'sent',
          billing: 'possible',
          sent_at: job.generations[0]?.sentAt,
        },
      ],
    ]);
    expect(seen[0]?.[0]?.sent_at).toBeGreaterThan(0);
  });

  test('several requests of one job: at each arrival at least as many are marked as sent as have arrived', async () => {
    const { far, seen, watch } = await startObservedServer();
    const { api, ended, folder } = await openTestStudio({ baseUrl: far.baseUrl });
    watch(folder);
    await ended((await api.jobs.create(asked(createRequest('Five', { n: 5, stream: true })))).id);
    expect(seen).toHaveLength(5);
    for (const [index, rows] of seen.entries()) {
      expect(rows).toHaveLength(5);
      const left = rows.filter(({ state }) => state !== 'intent');
      expect(left.length).toBeGreaterThan(index);
      for (const { billing, sent_at } of left) expect([billing, typeof sent_at]).toEqual(['possible', 'number']);
    }
  });

  test('an edit with files', async () => {
    const server = await demoServer();
    const first = await openTestStudio({ baseUrl: server.baseUrl });
    const made = await first.ended((await first.api.jobs.create(asked(createRequest('A grey wall')))).id);
    await first.studio.close();
    const { far, seen, watch } = await startObservedServer();
    const { api, ended } = await openTestStudio({ baseUrl: far.baseUrl, folder: first.folder });
    watch(first.folder);
    const image = made.generations[0]?.images[0]?.id as ImageId;
    const { sha256 } = await api.library.image({ imageId: image });
    const payload = {
      ...createRequest('The wall in red'),
      operation: 'edit' as const,
      inputs: [{ role: 'image' as const, image, sha256 }],
    };
    const job = await ended((await api.jobs.create(asked(payload))).id);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.filter((row) => row.job === job.id)).toMatchObject([{ state: 'sent', billing: 'possible' }]);
  });
});
