import type { Change, Edit } from '../../../electron/contract/entities/changes.ts';
import type { Generation } from '../../../electron/contract/entities/generations.ts';
import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import type { ChangeId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { GeneratedImage } from '../../../electron/contract/entities/images.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import { HOST, image } from '../state/scripted-studio.ts';

/** Wherever an image is asked for, there is one: what comes after the # is not looked at by the browser, but by a test. */
export const WITH_IMAGES: HostInfo = {
  ...HOST,
  imageBase: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E#",
};

export type GeneratedRecord = ImageRecord & GeneratedImage & { generation: Generation };

/** The record of an image as it stands after a good answer. */
export function imageRecord(
  number: number,
  change: Partial<GeneratedRecord> = {},
  request: Partial<Generation> = {},
): GeneratedRecord {
  const base = image(number);
  const sentAt = base.createdAt - 62_000;
  return {
    ...base,
    position: 0,
    sha256: `${'0'.repeat(56)}${String(number).padStart(8, 'f')}` as Sha256,
    revisedPrompt: null,
    cost: null,
    collections: [],
    marks: { rating: 0, favourite: false, rejected: false },
    note: '',
    tags: [],
    trashedAt: null,
    repeats: null,
    repeatedBy: [],
    siblings: [base],
    imported: null,
    signed: null,
    ...change,
    generation: {
      id: base.generationId,
      jobId: base.jobId,
      operation: 'create',
      state: 'done',
      parameters: {
        prompt: base.prompt,
        model: base.model,
        n: 1,
        size: 'auto',
        quality: 'auto',
        background: 'auto',
        output_format: 'png',
        stream: true,
        partial_images: 3,
      },
      inputs: [],
      profileName: 'Demo server',
      baseUrl: 'http://127.0.0.1:4010/v1',
      createdAt: sentAt,
      sentAt,
      finishedAt: base.createdAt,
      requestId: 'req_5d81f0c2e4b74a90',
      status: 200,
      answer: {
        created: 1_795_000_000,
        background: 'opaque',
        output_format: 'png',
        quality: 'high',
        size: '1536x1024',
        usage: {
          input_tokens: 1150,
          output_tokens: 6308,
          total_tokens: 7458,
          input_tokens_details: { text_tokens: 94, image_tokens: 1056 },
        },
      },
      billing: 'billed',
      cost: null,
      costBasis: null,
      estimate: null,
      variation: false,
      strict: null,
      error: null,
      partials: [{ generationId: base.generationId, index: 0, arrivedAt: sentAt + 13_000, bytes: 1 }],
      ...request,
    },
  };
}

/** A change of one image that is done. */
export function doneChange(id: ChangeId, edit: Edit): Change {
  return { id, state: 'done', edit, names: [], images: 1, applied: 1, left: 0, at: 1, undoneAt: null };
}
