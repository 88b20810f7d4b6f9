import { StudioError } from '../../contract/errors/errors.ts';
import type { HandlerGroup } from './context.ts';

export function tagHandlers(): HandlerGroup<'tags'> {
  return {
    'tags.list': unavailable,
    'tags.rename': unavailable,
    'tags.move': unavailable,
    'tags.merge': unavailable,
    'tags.remove': unavailable,
  };
}

function unavailable(): never {
  throw new StudioError({ code: 'unsupported-here', message: 'This isn’t available yet. Nothing was changed.' });
}
