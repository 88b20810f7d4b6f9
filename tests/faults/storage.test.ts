import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, inject, test } from 'vitest';
import type { JobId } from '../../electron/contract/entities/ids.ts';
import { incomingFolder, type Library } from '../../electron/library/library.ts';
import type { Script, Step } from '../fakes/recording-server.ts';
import { canMount, smallVolume } from '../fakes/small-volume.ts';
import { testClock } from '../jobs/test-clock.ts';
import { jobRequest, testJobService, type TestJobService } from '../jobs/test-job-service.ts';
import { emptyFolder } from '../library/test-library.ts';

/** Points of an answer at which each failure happens: 3 in `npm test`, 48 in `npm run test:faults`. */
const TIMES = Math.max(3, inject('requestsPerFailure') - 2);
const EDGE = 512;

/** An image that doesn't compress: about 790 KB. */
function noise(): Promise<Buffer> {
  return sharp(randomBytes(EDGE * EDGE * 3), { raw: { width: EDGE, height: EDGE, channels: 3 } })
    .png()
    .toBuffer();
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A stream with a partial image and the final one, during which something happens once. `share`: how much was sent before. */
function streamed(partial: Buffer, final: Buffer, share: number, happens: () => void): Script {
  const text = [
    `event: image_generation.partial_image\ndata: {"type":"image_generation.partial_image","partial_image_index":0,"b64_json":"${partial.toString('base64')}"}\n\n`,
    `event: image_generation.completed\ndata: {"type":"image_generation.completed","b64_json":"${final.toString('base64')}","usage":{"output_tokens":7}}\n\n`,
  ].join('');
  const cut = Math.floor(text.length * share);
  const wait: Step = {
    async wait() {
      // What was sent has arrived by then, as far as it matters: any moment will do.
      await new Promise((resolve) => setTimeout(resolve, 20));
      happens();
    },
  };
  return { headers: { 'content-type': 'text/event-stream' }, body: [text.slice(0, cut), wait, text.slice(cut)] };
}

function savedHashes({ db }: Library): string[] {
  return db
    .prepare<[], { sha256: string }>('SELECT sha256 FROM images ORDER BY sha256')
    .all()
    .map(({ sha256 }) => sha256);
}

interface Disk {
  run: Pick<TestJobService, 'library'>;
  fail(): void;
  repair(): void;
}

/** Sends one request whose answer meets the failure at `share`, repairs the disk and checks that the image is home after one POST. */
async function meets(share: number, disk: (library: Library) => Omit<Disk, 'run'>, folder?: string): Promise<void> {
  const [partial, final] = [await noise(), await noise()];
  const clock = testClock();
  let fail = (): void => undefined;
  const rescueFolders = [join(await emptyFolder(), 'rescue')];
  const run = await testJobService(() => streamed(partial, final, share, () => fail()), {
    clock,
    rescueFolders,
    ...(folder !== undefined && { folder }),
  });
  const failure = disk(run.library);
  fail = failure.fail;
  const { id } = await run.queue.ask(jobRequest('one', { stream: true, partial_images: 1 }));
  await run.ended(id);
  failure.repair();
  await isHome(run, id, () => clock.pass(31_000));
  expect(savedHashes(run.library)).toEqual([hashOf(final)]);
  expect(run.server.begun).toEqual(['POST']);
  expect(run.unhandled).toEqual([]);
  await run.queue.close();
}

async function isHome({ queue }: TestJobService, id: JobId, pass: () => void): Promise<void> {
  const state = (): unknown => {
    pass();
    const job = queue.read(id);
    return [job?.state, job?.unsaved?.length ?? 0];
  };
  await expect.poll(state).toEqual(['done', 0]);
}

const shares = Array.from({ length: TIMES }, (_, index) => (index + 0.5) / TIMES);

describe('a library that fails at any point of an answer gets its image, for one POST', () => {
  test.each(shares)('incoming is replaced by a file, at %f', (share) =>
    meets(share, (library) => {
      const incoming = incomingFolder(library);
      return {
        fail() {
          renameSync(incoming, `${incoming}-away`);
          writeFileSync(incoming, '');
        },
        repair() {
          rmSync(incoming);
          renameSync(`${incoming}-away`, incoming);
        },
      };
    }),
  );

  test.each(shares)('incoming is deleted, and created again, at %f', (share) =>
    meets(share, (library) => {
      const incoming = incomingFolder(library);
      return {
        fail: () => rmSync(incoming, { recursive: true }),
        repair() {
          if (!existsSync(incoming)) mkdirSync(incoming);
        },
      };
    }),
  );

  test.each(canMount ? shares : [])('its volume is full, at %f', (share) => {
    const volume = smallVolume(24);
    return meets(
      share,
      () => ({ fail: () => volume.fill(), repair: () => volume.empty() }),
      join(volume.folder, 'library'),
    );
  });
});
