import { createCollection, listCollections, updateCollection } from '../../library/images/collections.ts';
import { writeSidecars } from '../../library/sidecars/outdated-sidecars.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';

export function collectionHandlers({ library, emit, log }: HandlerContext): HandlerGroup<'collections'> {
  return {
    'collections.list': () => listCollections(library.db),
    'collections.create': ({ name }) => createCollection(library.db, name, Date.now()),
    'collections.change': unavailable,
    'collections.remove': unavailable,
    async 'collections.setMembership'(change) {
      const outdated = updateCollection(library.db, change, Date.now());
      emit({ type: 'library' });
      await writeSidecars(library, outdated, (thrown) => log('A record could not name its collections', thrown));
      return null;
    },
  };
}

function unavailable(): never {
  throw new StudioError({ code: 'unsupported-here', message: 'This isn’t available yet. Nothing was changed.' });
}
