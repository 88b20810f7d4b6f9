import { StudioError } from '../../contract/errors/errors.ts';
import { listTags } from '../../library/order/read-tags.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';

export function tagHandlers({ library }: HandlerContext): HandlerGroup<'tags'> {
  return {
    'tags.list': () => listTags(library.db),
    'tags.rename': unavailable,
    'tags.move': unavailable,
    'tags.merge': unavailable,
    'tags.remove': unavailable,
  };
}

function unavailable(): never {
  throw new StudioError({ code: 'unsupported-here', message: 'This isn’t available yet. Nothing was changed.' });
}
