import type { Job, PartialImage, Picture } from '../../electron/contract/entities.ts';

/** What there is to see of one request of a job, or of one of its pictures. */
export type JobPreview =
  | { key: string; label: string; kind: 'picture'; picture: Picture }
  | { key: string; label: string; kind: 'partial'; partial: PartialImage }
  | { key: string; label: string; kind: 'none' };

/** A job's requests as they look now, in order: their pictures, else the newest partial image, else what will be there. */
export function jobPreviews({ generations, finishedAt }: Job): JobPreview[] {
  const several = generations.length > 1;
  return generations.flatMap(({ id, pictures, partials, state }, index): JobPreview[] => {
    const name = several ? `Request ${index + 1}` : 'Request';
    if (pictures.length > 0)
      return pictures.map((picture, place) => ({
        key: picture.id,
        label: pictures.length > 1 ? `${name}, picture ${place + 1}` : `${name}, picture`,
        kind: 'picture',
        picture,
      }));
    const partial = partials.at(-1);
    if (partial) return [{ key: id, label: `${name}, partial ${partials.length}`, kind: 'partial', partial }];
    if (finishedAt !== null || state === 'failed' || state === 'cancelled') return [];
    return [{ key: id, label: `${name}, ${state === 'sent' ? 'being drawn' : 'not sent yet'}`, kind: 'none' }];
  });
}
