import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { CreateParameters } from '../../electron/contract/catalogue/parameters.ts';
import { interruptUnfinishedJobs } from '../../electron/library/jobs/interruption.ts';
import { readJob } from '../../electron/library/jobs/jobs.ts';
import { QUARANTINE } from '../../electron/library/files/folders.ts';
import { incomingFolder, type Library } from '../../electron/library/library.ts';
import { copyAsKilled } from '../library/library-copy.ts';
import { emptyFolder, smallPng, testLibrary } from '../library/test-library.ts';
import { testClock } from './test-clock.ts';
import { jobRequest, testJobService, type TestJobService } from './test-job-service.ts';

const EVENTS = 'text/event-stream';
const JSON_TYPE = 'application/json';

/** How a response ends after the last byte of an image's pixels (`#`), and what stands between them and the stop. */
type Shape = [name: string, contentType: string, text: string, parameters?: Partial<CreateParameters>];

/** A type that follows would make each of them a preview. */
const UNDECIDED: Shape[] = [
  ['an event of a request without partial images', EVENTS, 'data: {"b64_json":"#"', { partial_images: 0 }],
  ['an event of a plain request', EVENTS, 'data: {"b64_json":"#"', { stream: false }],
  ['an event with fields before its type', EVENTS, 'data: {"b64_json":"#","created_at":1,'],
  ['an event of no type before its blank line', EVENTS, 'data: {"b64_json":"#"}\n'],
  ['an event with a list', EVENTS, 'data: {"data":[{"b64_json":"#"}],'],
  ['an event of an unknown name', EVENTS, 'event: step\ndata: {"b64_json":"#"'],
  ['a document', JSON_TYPE, '{"b64_json":"#"', { stream: false }],
  ['the first of several documents', JSON_TYPE, '{"status":"working"}\n{"b64_json":"#"'],
  ['a field that may be an input', JSON_TYPE, '{"image":"#"', { stream: false }],
];
const DECIDED: Shape[] = [
  ['a plain response', JSON_TYPE, '{"created":1,"data":[{"b64_json":"#"', { stream: false }],
  ['a type before the pixels', EVENTS, 'data: {"type":"image_generation.completed","b64_json":"#"'],
  ['a name before the pixels', EVENTS, 'event: image_generation.completed\ndata: {"b64_json":"#"'],
  ['a type after the pixels', EVENTS, 'data: {"b64_json":"#","type":"image_generation.completed"}'],
  ['an event of no type with its blank line', EVENTS, 'data: {"b64_json":"#"}\n\n'],
  ['a whole document', JSON_TYPE, '{"b64_json":"#"}', { stream: false }],
];

/** A job whose response halts, or is cut off, after this text. */
async function respond(
  [, contentType, text, parameters]: Shape,
  cut: boolean,
): Promise<{ run: TestJobService; id: Job['id'] }> {
  const pixels = (await smallPng(9, 7)).toString('base64');
  const released = Promise.withResolvers<null>();
  const body = [text.replace('#', pixels), ...(cut ? [] : [{ wait: () => released.promise.then(() => undefined) }])];
  const run = await testJobService({ headers: { 'content-type': contentType }, body }, { clock: testClock() });
  const asked = { stream: true, partial_images: 0, ...parameters };
  if (!asked.stream) Reflect.deleteProperty(asked, 'partial_images');
  const { id } = await run.queue.ask(jobRequest('one', asked));
  return { run, id };
}

/** The library as a kill leaves it once the image's last byte is in a file. */
async function killed({ library }: TestJobService): Promise<Library> {
  const arrived = (): boolean =>
    readdirSync(incomingFolder(library)).some((name) => name.startsWith('answer-') && !name.endsWith('.part')) ||
    // Not what the check of the storage moves there before a request is sent.
    readdirSync(join(library.folder, 'originals')).some((name) => /^[0-9a-f]{2}$/u.test(name));
  await expect.poll(arrived).toBe(true);
  const folder = join(await emptyFolder(), 'library');
  const again = await testLibrary(copyAsKilled(library.folder, folder));
  interruptUnfinishedJobs(again.db, 2);
  return again;
}

const imagesOf = ({ db }: Library, id: Job['id']): number =>
  readJob(db, id)?.generations.flatMap(({ images }) => images).length ?? -1;
const quarantined = ({ folder }: Library): string[] => readdirSync(join(folder, QUARANTINE));

describe('what isn’t decided yet is kept, and is no image of the request', () => {
  test.each(UNDECIDED)('after a kill: %s', async (...shape) => {
    const { run, id } = await respond(shape, false);
    const again = await killed(run);
    expect(imagesOf(again, id)).toBe(0);
    const owner = readJob(again.db, id)?.generations[0]?.id ?? 'none';
    expect(quarantined(again)).toEqual([expect.stringContaining(owner)]);
    expect(readJob(again.db, id)).toMatchObject({ state: 'interrupted', error: { billing: 'possible' } });
  });

  test.each(UNDECIDED.filter(([name]) => /plain|list|^a /u.test(name)))('after a cut: %s', async (...shape) => {
    const { run, id } = await respond(shape, true);
    const job = await run.ended(id);
    expect(job).toMatchObject({ state: 'failed', error: { billing: 'possible' } });
    expect(imagesOf(run.library, id)).toBe(0);
    await expect.poll(() => quarantined(run.library)).toEqual([expect.stringContaining(job.generations[0]?.id ?? '?')]);
  });
});

describe('what is decided is an image of the request', () => {
  test.each(DECIDED)('after a kill: %s', async (...shape) => {
    const { run, id } = await respond(shape, false);
    const again = await killed(run);
    expect(imagesOf(again, id)).toBe(1);
    expect(quarantined(again)).toEqual([]);
  });

  test.each(DECIDED.slice(0, 2))('after a cut: %s', async (...shape) => {
    const { run, id } = await respond(shape, true);
    await run.ended(id);
    expect(imagesOf(run.library, id)).toBe(1);
    expect(quarantined(run.library)).toEqual([]);
  });
});
