import { createCollection, listCollections, putIntoCollection } from '../../library/collections.ts';
import type { Group, Rooms } from './rooms.ts';

export function collectionHandlers({ library, announce }: Rooms): Group<'collections'> {
  return {
    'collections.list': () => listCollections(library.db),
    'collections.create': ({ name }) => createCollection(library.db, name, Date.now()),
    'collections.put'(change) {
      putIntoCollection(library.db, change, Date.now());
      announce({ type: 'library' });
      return null;
    },
  };
}
