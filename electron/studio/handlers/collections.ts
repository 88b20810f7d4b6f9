import { createCollection, listCollections, putIntoCollection } from '../../library/images/collections.ts';
import { writeRecords } from '../../library/sidecars.ts';
import type { Group, Rooms } from './context.ts';

export function collectionHandlers({ library, announce, log }: Rooms): Group<'collections'> {
  return {
    'collections.list': () => listCollections(library.db),
    'collections.create': ({ name }) => createCollection(library.db, name, Date.now()),
    async 'collections.put'(change) {
      const outdated = putIntoCollection(library.db, change, Date.now());
      announce({ type: 'library' });
      await writeRecords(library, outdated, (thrown) => log('A record could not name its collections', thrown));
      return null;
    },
  };
}
