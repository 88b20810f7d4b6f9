import { StudioError } from '../../contract/errors.ts';
import { readDocuments } from '../../library/jobs/answers.ts';
import { readPicture } from '../../library/images/save-image.ts';
import { listRecentJobs } from '../../library/jobs/recent-jobs.ts';
import { readImagePage } from '../../library/images/search.ts';
import { readSvgSource } from '../../library/images/svg-source.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';

export function libraryHandlers({ library }: HandlerContext): HandlerGroup<'library'> {
  return {
    'library.page': (query) => readImagePage(library.db, query),
    'library.picture'({ imageId }) {
      const picture = readPicture(library.db, imageId);
      if (!picture) throw new StudioError({ code: 'not-found', message: 'This picture is not in the library.' });
      return picture;
    },
    'library.response': ({ generationId }) => ({ documents: readDocuments(library.db, generationId) }),
    'library.svgSource': ({ imageId }) => readSvgSource(library, imageId),
    'library.recentJobs': (query) => listRecentJobs(library.db, query),
  };
}
