import type { ImageId, JobId } from '../../../../electron/contract/entities/ids.ts';
import type { Family, FamilyLink, FamilyMember, FamilyRequest } from '../../../../electron/contract/entities/views.ts';
import { image, uuid } from '../../state/scripted-studio.ts';

export const imageId = (number: number): ImageId => uuid(number) as ImageId;

/** A member with the id of a number, made from others by numbers. */
export function member(
  number: number,
  from: readonly (number | FamilyLink)[] = [],
  {
    prompt = `Image ${number}`,
    trashed = false,
    jobId,
    ...request
  }: Partial<FamilyRequest> & { prompt?: string; trashed?: boolean; jobId?: JobId } = {},
): FamilyMember {
  return {
    image: image(number, { prompt, ...(jobId !== undefined && { jobId }) }),
    trashed,
    request: {
      operation: from.length > 0 ? 'edit' : 'create',
      variation: false,
      parameters: { model: 'gpt-image-2.6-sunburst', size: '1536x1024' },
      references: from.length,
      mask: false,
      markup: false,
      ...request,
    },
    parents: from.map((source) =>
      typeof source === 'number' ? { from: imageId(source), kind: 'input' as const } : source,
    ),
  };
}

export const family = (...members: FamilyMember[]): Family => ({ members, more: 0, unfinished: false });
