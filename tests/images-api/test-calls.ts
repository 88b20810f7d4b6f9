import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { GenerationId } from '../../electron/contract/entities/ids.ts';
import { StudioError, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import {
  callImagesApi,
  type AnswerEvent,
  type CallOptions,
  type CallResult,
  type OpenImageSink,
} from '../../electron/images-api/client.ts';
import { ReceivingFile } from '../../electron/library/files/receiving-file.ts';
import { RescueFolders } from '../../electron/library/files/rescue-folders.ts';
import type { Limits } from '../../electron/images-api/transport/limits.ts';
import { PLAIN_CONNECTION, type Connection, type ImageCall } from '../../electron/images-api/request/build-request.ts';

export const KEY = 'sk-canary-0123456789abcdef';

export const connectTo = (baseUrl: string): Connection => ({ ...PLAIN_CONNECTION, baseUrl, apiKey: KEY });

export const create: ImageCall = { operation: 'create', parameters: { model: 'gpt-image-2', prompt: 'a fox' } };
export const stream: ImageCall = {
  operation: 'create',
  parameters: { model: 'gpt-image-2', prompt: 'a fox', stream: true, partial_images: 2 },
};

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export async function createFolder(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'emulsion-test-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Files in one folder, named as the library names them; incomplete ones end in `.part`. */
export function sinksIn(folder: string): OpenImageSink {
  const generationId = '01890000-0000-7000-8000-000000000000' as GenerationId;
  const rescue = new RescueFolders([], null);
  return (place) => ReceivingFile.open({ generationId, ...place }, { folder, rescue, onRescue: () => undefined });
}

export interface Outcome {
  /** All but the documents and what the response says about itself. */
  arrivals: Exclude<AnswerEvent, { type: 'document' | 'answer' }>[];
  documents: unknown[];
  result: CallResult | null;
  error: ErrorReport | null;
  cause: unknown;
  /** File names in the folder afterwards. */
  files: string[];
  /** Bytes of every emitted image, partial or not, in the order of arrival, read from its file. */
  images: Buffer[];
  parts: Buffer[];
}

/** Sends a call with a temporary folder and collects its events, result and files. */
export async function attempt(
  baseUrl: string,
  call: ImageCall = create,
  limits: Partial<Limits> = {},
  more: Partial<CallOptions> = {},
): Promise<Outcome> {
  const { folder, remove } = await createFolder();
  const arrivals: Outcome['arrivals'] = [];
  const documents: unknown[] = [];
  try {
    let result: CallResult | null = null;
    let thrown: StudioError | null = null;
    try {
      result = await callImagesApi({
        connection: connectTo(baseUrl),
        call,
        openSink: sinksIn(folder),
        limits,
        signal: new AbortController().signal,
        onEvent(arrival) {
          if (arrival.type === 'document') documents.push(arrival.document);
          else if (arrival.type !== 'answer') arrivals.push(arrival);
        },
        ...more,
      });
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      thrown = error;
    }
    const images = arrivals.flatMap((arrival) => ('image' in arrival ? [arrival.image] : []));
    for (const image of images) {
      const bytes = await readFile(image.path);
      if (image.bytes !== bytes.length || image.sha256 !== sha256(bytes))
        throw new Error('An image’s figures are wrong.');
      if (path.dirname(image.path) !== folder) throw new Error('An image is outside its folder.');
    }
    const files = await readdir(folder);
    const parts = files.filter((name) => name.endsWith('.part'));
    const announced = arrivals.flatMap((arrival) =>
      arrival.type === 'unfinished-file' ? [path.basename(arrival.path)] : [],
    );
    // Whole images that are not the answer's are announced too.
    const unknown = files.filter((name) => !images.some((image) => path.basename(image.path) === name));
    if (!more.onEvent && announced.toSorted().join() !== unknown.toSorted().join())
      throw new Error('A file that is no image of the answer was not emitted.');
    return {
      arrivals,
      documents,
      result,
      error: thrown?.report ?? null,
      cause: thrown?.cause,
      files,
      images: await Promise.all(images.map((image) => readFile(image.path))),
      parts: await Promise.all(parts.map((name) => readFile(path.join(folder, name)))),
    };
  } finally {
    await remove();
  }
}
