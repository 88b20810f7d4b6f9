import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { v7 as uuid } from 'uuid';
import { onTestFinished } from 'vitest';
import type { GenerationId, ImageId, JobId, ProfileId, Sha256 } from '../../electron/contract/entities/ids.ts';
import type { GeneratedImage, Image } from '../../electron/contract/entities/images.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { readImage } from '../../electron/library/image-record.ts';
import { saveImage } from '../../electron/library/images/save-image.ts';
import { recordIntent, type Intent } from '../../electron/library/jobs/jobs.ts';
import { incomingFolder, openLibrary, type Library } from '../../electron/library/library.ts';
import { sharedDecoding } from './shared-decoding.ts';
import type { ReceivedFile } from '../../electron/library/files/originals.ts';

/** An empty folder, removed after the test. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'emulsion-library-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An open library, closed after the test. */
export async function testLibrary(folder?: string, rescueFolders: readonly string[] = []): Promise<Library> {
  const library = await openLibrary(folder ?? join(await emptyFolder(), 'library'), sharedDecoding, rescueFolders);
  onTestFinished(() => library.close());
  return library;
}

export const PROFILE = 'demo' as ProfileId;

/** A job that requests images of a prompt. */
export function intentFor(prompt: string, more: Partial<Intent> & { requests?: number; n?: number } = {}): Intent {
  const { requests = 1, n = 1, ...fields } = more;
  const parameters = { model: 'gpt-image-2', prompt, size: '1024x1024', quality: 'high' as const, n };
  const request: JobRequest = { operation: 'create', profileId: PROFILE, parameters };
  return {
    id: uuid() as JobId,
    request,
    profileName: 'Demo',
    baseUrl: 'http://127.0.0.1:1/v1',
    createdAt: Date.now(),
    estimate: null,
    generations: Array.from({ length: requests }, () => ({
      id: uuid() as GenerationId,
      parameters,
      n,
      estimate: null,
    })),
    ...fields,
  };
}

/** Records a job and returns the id of its first request. */
export function recordRequest(library: Library, intent: Intent): GenerationId {
  recordIntent(library.db, intent);
  const [first] = intent.generations;
  if (!first) throw new Error('An intent without a request.');
  return first.id;
}

/** A completely received file in the incoming folder. */
export async function receiveFile(library: Library, bytes: Uint8Array): Promise<ReceivedFile> {
  const path = join(incomingFolder(library), `${randomUUID()}.part`);
  await writeFile(path, bytes);
  return { path, bytes: bytes.length, sha256: sha256(bytes) };
}

export function sha256(bytes: Uint8Array): Sha256 {
  return createHash('sha256').update(bytes).digest('hex') as Sha256;
}

/** A small PNG, unique per call. */
export function smallPng(width = 8, height = 6): Promise<Buffer> {
  return sharp({
    create: { width, height, channels: 3, background: '#876', noise: { type: 'gaussian', mean: 128, sigma: 50 } },
  })
    .png()
    .toBuffer();
}

/** Saves one image of a new job. */
export async function savedImage(
  library: Library,
  options: { prompt?: string; at?: number; bytes?: Uint8Array } = {},
): Promise<GeneratedImage> {
  const at = options.at ?? Date.now();
  const generationId = recordRequest(library, intentFor(options.prompt ?? 'a lighthouse at dusk', { createdAt: at }));
  const file = await receiveFile(library, options.bytes ?? (await smallPng()));
  return saveImage(library, { generationId, position: 0, file, revisedPrompt: null, at });
}

/** An image with the hash of its original. */
export function withBytes({ db }: Library, { id }: Pick<Image, 'id'>): { id: ImageId; sha256: Sha256 } {
  const record = readImage(db, id);
  if (!record) throw new Error('The image is not there.');
  return { id, sha256: record.sha256 };
}

/** The report of the `StudioError` that a call throws or rejects with. */
export async function reportOf(attempt: () => unknown): Promise<{ code: string; message: string; billing: string }> {
  try {
    await attempt();
  } catch (thrown) {
    const report = (thrown as { report?: { code: string; message: string; billing: string } }).report;
    if (!report) throw thrown;
    return report;
  }
  throw new Error('It was not refused.');
}
