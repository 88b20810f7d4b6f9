import { StudioError } from '../../contract/errors.ts';
import { readDocuments } from '../../library/jobs/answers.ts';
import { readPicture } from '../../library/images/save-image.ts';
import { listRuns } from '../../library/jobs/recent-jobs.ts';
import { pagePictures } from '../../library/images/search.ts';
import { readSvgSource } from '../../library/images/svg-source.ts';
import type { Group, Rooms } from './context.ts';

export function libraryHandlers({ library }: Rooms): Group<'library'> {
  return {
    'library.page': (query) => pagePictures(library.db, query),
    'library.picture'({ imageId }) {
      const picture = readPicture(library.db, imageId);
      if (!picture) throw new StudioError({ code: 'not-found', message: 'This picture is not in the library.' });
      return picture;
    },
    'library.answer': ({ generationId }) => ({ documents: readDocuments(library.db, generationId) }),
    'library.source': ({ imageId }) => readSvgSource(library, imageId),
    'library.runs': (query) => listRuns(library.db, query),
  };
}
