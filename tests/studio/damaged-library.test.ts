import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Image } from '../../electron/contract/entities/images.ts';
import { finishGeneration, markSent } from '../../electron/library/jobs/generations.ts';
import { addDocument } from '../../electron/library/jobs/responses.ts';
import { openLibrary } from '../../electron/library/library.ts';
import { damagePage } from '../library/damage.ts';
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
  ['jobs.history', { after: null, limit: 10 }],
  ['library.page', { search: '', after: null, limit: 10 }],
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
