import type { PartialImage, Image } from '../../electron/contract/entities/images.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';

/** The preview of one request, or of one of its images. */
export type JobPreview =
  | { key: string; label: string; kind: 'image'; image: Image }
  | { key: string; label: string; kind: 'partial'; partial: PartialImage }
  | { key: string; label: string; kind: 'none' };

/** Previews of a job's requests in order: their images, else the newest partial image, else a placeholder. */
export function jobPreviews({ generations, finishedAt }: Job): JobPreview[] {
  const several = generations.length > 1;
  return generations.flatMap(({ id, images, partials, state }, index): JobPreview[] => {
    const name = several ? `Request ${index + 1}` : 'Request';
    if (images.length > 0)
      return images.map((image, place) => ({
        key: image.id,
        label: images.length > 1 ? `${name}, image ${place + 1}` : `${name}, image`,
        kind: 'image',
        image,
      }));
    const partial = partials.at(-1);
    if (partial) return [{ key: id, label: `${name}, partial ${partials.length}`, kind: 'partial', partial }];
    if (finishedAt !== null || state === 'failed' || state === 'cancelled') return [];
    return [{ key: id, label: `${name}, ${state === 'sent' ? 'generating' : 'queued'}`, kind: 'none' }];
  });
}
