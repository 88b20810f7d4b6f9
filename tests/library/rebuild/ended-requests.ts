import type { GeneratedImage } from '../../../electron/contract/entities/images.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import { jobOutcome } from '../../../electron/contract/rules/job-outcome.ts';
import type { GenerationId, JobId } from '../../../electron/contract/entities/ids.ts';
import { finishGeneration, markSent } from '../../../electron/library/jobs/generations.ts';
import {
  dismissJob,
  finishJob,
  readEndedRequests,
  startJob,
  type Intent,
} from '../../../electron/library/jobs/jobs.ts';
import { addDocument } from '../../../electron/library/jobs/responses.ts';
import { saveImage, savePartial } from '../../../electron/library/images/save-image.ts';
import type { Library } from '../../../electron/library/library.ts';
import { addFile } from '../input-images.ts';
import { intentFor, PROFILE, receiveFile, recordRequest, smallPng, withBytes } from '../test-library.ts';

let clock = Date.UTC(2026, 10, 30, 12);
const next = (): number => (clock += 1000);

/** A request that has received an image, with its response and a partial image; its job has ended and was dismissed. */
export function endedImage(library: Library, prompt: string, n = 1): Promise<GeneratedImage> {
  const estimate = { min: 10, max: 20 };
  const intent = intentFor(prompt, { createdAt: next(), n, estimate });
  for (const generation of intent.generations) generation.estimate = estimate;
  return receive(library, intent, n);
}

/** An edit of an image, whose input is that image and an upload. */
export async function endedEdit(library: Library, source: GeneratedImage, prompt: string): Promise<GeneratedImage> {
  const upload = await addFile(library, await smallPng(20, 10), 'sketch.png');
  const request: JobRequest = {
    operation: 'edit',
    profileId: PROFILE,
    parameters: { model: 'gpt-image-2', prompt },
    inputs: [
      { role: 'image', image: source.id, sha256: withBytes(library, source).sha256 },
      { role: 'image', image: null, sha256: upload.sha256 },
    ],
  };
  const intent = intentFor('', { request, createdAt: next() });
  for (const generation of intent.generations) generation.parameters = request.parameters;
  return receive(library, intent, 1);
}

async function receive(library: Library, intent: Intent, n: number): Promise<GeneratedImage> {
  const { db } = library;
  const id = recordRequest(library, intent);
  startJob(db, intent.id, next());
  markSent(db, id, clock);
  await savePartial(library, {
    generationId: id,
    index: 0,
    file: await receiveFile(library, await smallPng()),
    at: next(),
  });
  let last: GeneratedImage | null = null;
  for (let position = 0; position < n; position += 1)
    last = await saveImage(library, {
      generationId: id,
      position,
      file: await receiveFile(library, await smallPng()),
      revisedPrompt: 'a revised prompt',
      at: next(),
    });
  if (!last) throw new Error('No image.');
  addDocument(db, id, { created: 1, usage: { total_tokens: 30 } });
  end(library, intent.id, id, 'done');
  return last;
}

/** A request that the server refused; its job failed and was dismissed. */
export function failedRequest(library: Library, prompt: string): void {
  const intent = intentFor(prompt, { createdAt: next() });
  const id = recordRequest(library, intent);
  startJob(library.db, intent.id, next());
  markSent(library.db, id, clock);
  end(library, intent.id, id, 'failed');
}

function end({ db }: Library, jobId: JobId, id: GenerationId, state: 'done' | 'failed'): void {
  const error =
    state === 'done'
      ? null
      : { code: 'moderation-blocked' as const, message: 'The prompt was refused.', billing: 'none' as const };
  finishGeneration(db, id, {
    state,
    at: next(),
    answer: state === 'done' ? { created: 1, quality: 'high' } : null,
    requestId: 'req_1',
    status: state === 'done' ? 200 : 400,
    billing: state === 'done' ? 'billed' : 'none',
    error,
  });
  finishJob(db, jobId, { ...jobOutcome(readEndedRequests(db, jobId)), at: clock });
  dismissJob(db, jobId);
}
