import { StudioError } from '../../contract/errors/errors.ts';
import { readFamily } from '../../library/family/family.ts';
import { readDocuments } from '../../library/jobs/responses.ts';
import { readImage } from '../../library/image-record.ts';
import { listRecentJobs } from '../../library/jobs/recent-jobs.ts';
import { readNewestImages } from '../../library/images/newest-images.ts';
import { readSvgSource } from '../../library/images/svg-source.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';
import { createThumbnailRetries } from './retry-thumbnails.ts';

export function libraryHandlers(context: HandlerContext): HandlerGroup<'library'> {
  const { library } = context;
  const thumbnails = createThumbnailRetries(context);
  return {
    'library.newest': (query) => readNewestImages(library.db, query),
    'library.image'({ imageId }) {
      const image = readImage(library.db, imageId);
      if (!image) throw new StudioError({ code: 'not-found', message: 'This image is not in the library.' });
      return image;
    },
    'library.family': ({ imageId }) => readFamily(library.db, imageId),
    'library.response': ({ generationId }) => ({ documents: readDocuments(library.db, generationId) }),
    'library.svgSource': ({ imageId }) => readSvgSource(library, imageId),
    'library.retryThumbnail': ({ imageId }) => thumbnails.retry(imageId),
    'library.retryThumbnails': () => ({ images: thumbnails.retryAll() }),
    'library.recentJobs': (query) => listRecentJobs(library.db, query),
  };
}
