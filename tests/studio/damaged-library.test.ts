import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Image } from '../../electron/contract/entities/images.ts';
import { toErrorReport } from '../../electron/contract/errors/errors.ts';
import { finishGeneration, markSent } from '../../electron/library/jobs/generations.ts';
import { addDocument } from '../../electron/library/jobs/responses.ts';
import { openLibrary } from '../../electron/library/library.ts';
import { damagePage, overwrite, truncateTo } from '../library/damage.ts';
import { intentFor, recordRequest, savedImage } from '../library/test-library.ts';
import { asked, createRequest, emptyFolder, openTestStudio, startTestServer, type TestStudio } from './test-studio.ts';

/** A closed library with one image, one request that was sent and one that waits. */
async function libraryWithImage(): Promise<{ home: string; folder: string; image: Image }> {
  const home = await emptyFolder();
  const folder = join(home, 'library');
  const library = await openLibrary(folder);
  const image = await savedImage(library, { prompt: 'a lighthouse' });
  finishGeneration(library.db, image.generationId, {
    state: 'done',
    at: 5,
    answer: null,
    billing: 'billed',
    error: null,
  });
  const sent = recordRequest(library, intentFor('sent'));
  markSent(library.db, sent, 6);
  addDocument(library.db, sent, { type: 'image_generation.completed', usage: { output_tokens: 3 } });
  library.close();
  return { home, folder, image };
}

/** Collects rejections that nothing handles: each would end the host. */
function unhandled(): unknown[] {
  const found: unknown[] = [];
  const note = (reason: unknown): void => void found.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  return found;
}

const READS: [endpoint: string, payload: unknown][] = [
  ['settings.get', {}],
  ['queue.get', {}],
  ['jobs.list', {}],
  ['jobs.finished', { since: 0, after: null, limit: 10 }],
  ['jobs.history', { after: null, limit: 10 }],
  ['library.newest', { limit: 10 }],
  ['library.recentJobs', { limit: 10 }],
  ['spending.get', { span: { from: 0, to: 1e15 }, steps: [0] }],
  ['spending.lines', { span: { from: 0, to: 1e15 }, after: null, limit: 10 }],
  ['collections.list', {}],
  ['drafts.list', {}],
  ['host.getDiagnostics', {}],
];

async function read({ studio }: TestStudio): Promise<string[]> {
  const codes = [];
  for (const [endpoint, payload] of READS) {
    const outcome = await studio.dispatch(endpoint, payload);
    codes.push('ok' in outcome ? 'ok' : `${outcome.error.code}: ${outcome.error.message}`);
  }
  return codes;
}

describe('one damaged page', () => {
  it.each([
    'generations_unfinished',
    'generations_unrecorded',
    'generations_spent',
    'generations_unpriced',
    'jobs_open',
    'jobs_ended',
    'jobs_finished',
    'images_undeveloped',
    'images_visible',
    'strict_due',
    'landings',
    'counters',
    'answers',
    'drafts',
    'jobs',
    'generations',
    'images',
    'originals',
  ])('of %s leaves the host running; every read works or says what is safe and what to do', async (name) => {
    const rejections = unhandled();
    const { home, folder, image } = await libraryWithImage();
    damagePage(folder, name);
    const run = await openTestStudio({ folder: home });
    const outcomes = await read(run);
    expect(outcomes[0]).toBe('ok');
    for (const outcome of outcomes)
      if (outcome !== 'ok') expect(outcome).toMatch(/^library-damaged: .*library.*“?originals”?.*Copy the whole/su);
    if (!['images', 'originals', 'strict_due'].includes(name)) {
      const response = await run.studio.serveImage(new Request(`http://emulsion/images/original/${image.id}`));
      expect(response.status).toBe(200);
      expect((await response.arrayBuffer()).byteLength).toBe(image.bytes);
    }
    await run.studio.close();
    expect(rejections).toEqual([]);
  });

  it('that is found keeps new requests from being sent, and the settings say so', async () => {
    const far = await startTestServer((_request, response) => response.end('{}'));
    const { home, folder } = await libraryWithImage();
    damagePage(folder, 'drafts_by_change');
    const run = await openTestStudio({ folder: home, baseUrl: far.baseUrl });
    expect((await run.api.settings.get({})).library).not.toHaveProperty('damage');
    const said = new Promise<string | undefined>((resolve) => {
      run.api.subscribe((event) => {
        if (event.type === 'settings') resolve(event.settings.library.damage);
      });
    });
    await expect(run.api.drafts.list({})).rejects.toMatchObject({ code: 'library-damaged' });
    expect(await said).toContain(folder);
    const { id } = await run.api.jobs.create({ ...asked(createRequest('not now')), overCap: true });
    await expect.poll(async () => (await run.api.queue.get({})).storage?.cause.fault).toBe('database-damaged');
    expect((await run.api.jobs.list({})).find((job) => job.id === id)?.state).toBe('waiting');
    expect(far.posts).toBe(0);
  });
});

describe('a database file that is damaged', () => {
  const whole: [string, (path: string) => void][] = [
    ['in its header', (path) => overwrite(path, 0, Buffer.from('no database'))],
    ['in its page size', (path) => overwrite(path, 16, Buffer.from([0x12, 0x34]))],
    ['in its free list', (path) => overwrite(path, 32, Buffer.from([0x7f, 0xff, 0xff, 0xff]))],
    ['in its schema', (path) => overwrite(path, 100, Buffer.alloc(900, 0xa5))],
    ['in the text of its schema', (path) => overwrite(path, 3000, Buffer.alloc(1096, 0x41))],
    ['by zeros', (path) => overwrite(path, 0, Buffer.alloc(statSync(path).size))],
    ['by zeros after its first page', (path) => overwrite(path, 4096, Buffer.alloc(statSync(path).size - 4096))],
    ['by losing its second half', (path) => truncateTo(path, 0.5)],
    ['by losing all but its first page', (path) => truncateSync(path, 4096)],
    ['by losing its last byte', (path) => truncateSync(path, statSync(path).size - 1)],
    ['by growing', (path) => appendFileSync(path, Buffer.alloc(5000, 0xa5))],
    ['by a log of another file', (path) => writeFileSync(`${path}-wal`, Buffer.alloc(40_000, 0xa5))],
  ];

  it.each(whole)('%s is opened or refused with a sentence, never “internal”', async (_, spoil) => {
    const rejections = unhandled();
    const { home, folder, image } = await libraryWithImage();
    const [original = ''] = readdirSync(join(folder, 'originals'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.png'),
    );
    const before = readFileSync(join(folder, 'originals', original));
    spoil(join(folder, 'library.db'));
    const opened = await openTestStudio({ folder: home }).catch((thrown: unknown) => toErrorReport(thrown));
    if ('code' in opened) {
      expect(opened.code).toMatch(/^library-(?:damaged|incomplete)$/u);
      expect(opened.message).toContain(folder);
    } else {
      for (const outcome of await read(opened)) expect(outcome).toMatch(/^(?:ok$|library-damaged|disk-unwritable)/u);
      await opened.studio.serveImage(new Request(`http://emulsion/images/original/${image.id}`));
      await opened.studio.close();
    }
    expect(readFileSync(join(folder, 'originals', original))).toEqual(before);
    expect(rejections).toEqual([]);
  });
});
