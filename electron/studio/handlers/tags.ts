import type { Change } from '../../contract/entities/changes.ts';
import type { ChangeId } from '../../contract/entities/ids.ts';
import { listImages } from '../../library/order/list-images.ts';
import { listTags } from '../../library/order/read-tags.ts';
import {
  planTagMerge,
  planTagMove,
  planTagRemoval,
  planTagRename,
  type TagsPlan,
} from '../../library/order/tag-changes.ts';
import { imagesWithTags } from '../../library/order/tag-rows.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';

export function tagHandlers({ library, changes }: HandlerContext): HandlerGroup<'tags'> {
  const { db } = library;
  const none = (): Promise<number[]> => Promise.resolve([]);
  /** A change of tags that concerns the images that have them. */
  const performWide = (id: ChangeId, plan: () => TagsPlan): Promise<Change> =>
    changes.perform(
      id,
      () => {
        const { keys } = plan();
        return listImages((after, limit) => imagesWithTags(db, keys, after, limit));
      },
      (images) => plan().plan(images),
    );
  return {
    'tags.list': () => listTags(db),
    'tags.rename': ({ id, tagId, name }) => changes.perform(id, none, () => planTagRename(db, tagId, name)),
    'tags.move': ({ id, tagId, parentId }) => changes.perform(id, none, () => planTagMove(db, tagId, parentId)),
    'tags.merge': ({ id, tagId, into }) => performWide(id, () => planTagMerge(db, tagId, into)),
    'tags.remove': ({ id, tagId }) => performWide(id, () => planTagRemoval(db, tagId)),
  };
}
