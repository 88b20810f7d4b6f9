import { createCollection, listCollections, updateCollection } from '../../library/images/collections.ts';
import { writeSidecars } from '../../library/sidecars/outdated-sidecars.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';

export function collectionHandlers({ library, emit, log }: HandlerContext): HandlerGroup<'collections'> {
  return {
    'collections.list': () => listCollections(library.db),
    'collections.create': ({ name }) => createCollection(library.db, name, Date.now()),
    async 'collections.setMembership'(change) {
      const outdated = updateCollection(library.db, change, Date.now());
      emit({ type: 'library' });
      await writeSidecars(library, outdated, (thrown) => log('A record could not name its collections', thrown));
      return null;
    },
  };
}
