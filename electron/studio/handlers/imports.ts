import type { HandlerContext, HandlerGroup } from './context.ts';

export function importHandlers({ imports }: HandlerContext): HandlerGroup<'imports'> {
  return {
    'imports.scan': ({ id, choice }) => imports.scan(id, choice),
    'imports.start': ({ id, scanId }) => imports.start(id, scanId),
    'imports.refused': ({ runId, ...page }) => imports.refused(runId, page),
    'imports.texts': ({ imageId }) => imports.texts(imageId),
    async 'imports.discard'({ uploadId }) {
      await imports.uploads.discard(uploadId);
      return null;
    },
  };
}
