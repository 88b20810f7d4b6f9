import type { DraftId, NodeId, ProfileId, Sha256 } from '../../../../electron/contract/entities/ids.ts';
import type { GeneratedImage } from '../../../../electron/contract/entities/images.ts';
import type { InputImage } from '../../../../electron/contract/entities/inputs.ts';
import type { Job } from '../../../../electron/contract/entities/jobs.ts';
import type { Input } from '../../../../electron/contract/entities/requests.ts';
import { generation, job, image, uuid } from '../../state/scripted-studio.ts';

export const ROOT = 'root' as NodeId;

export const ROOT_IMAGE: InputImage = {
  sha256: 'a'.repeat(64) as Sha256,
  image: null,
  name: 'bottle.png',
  format: 'png',
  bytes: 2_000_000,
  width: 1536,
  height: 1024,
  orientation: 1,
  frames: 1,
  hasAlpha: false,
  thumbhash: null,
  changes: [],
};

interface Asked {
  from: NodeId;
  prompt?: string;
  /** How many images. */
  n?: number;
  roles?: Input['role'][];
  variation?: boolean;
  size?: string;
  change?: Partial<Job>;
}

/** An edit that was sent from a node of a draft and runs: one request for each image. Numbers of images are `number` * 100 and on. */
export function canvasJob(number: number, { from, prompt, n = 1, roles, variation, size, change }: Asked): Job {
  const inputs = (roles ?? ['image', 'mask']).map((role, index): Input => {
    return { role, sha256: String(index).repeat(64) as Sha256, image: null };
  });
  const generations = Array.from({ length: n }, (_, index) => generation(number * 100 + index));
  return job(number, {
    request: {
      operation: 'edit',
      profileId: 'demo' as ProfileId,
      canvas: { draftId: uuid(9_999) as DraftId, node: from },
      parameters: {
        prompt: prompt ?? `Prompt ${number}`,
        model: 'gpt-image-2.6-sunburst',
        n,
        stream: true,
        partial_images: 3,
        ...(size && { size }),
      },
      inputs,
      ...(variation && { variation }),
    },
    generations,
    ...change,
  });
}

/** The same job with all of its images, each for a fifth of a dollar. */
export function finished(running: Job, change: Partial<GeneratedImage> = {}): Job {
  return {
    ...running,
    state: 'done',
    finishedAt: running.createdAt + 60_000,
    generations: running.generations.map((one) => {
      const number = Number(one.id.slice(-12));
      const made = image(number, { jobId: running.id, generationId: one.id, ...change });
      return { ...one, state: 'done', cost: 200_000, images: [made] };
    }),
  };
}

export const nodeId = (number: number): NodeId => uuid(number) as NodeId;
