import { StudioError } from '../../contract/errors/errors.ts';
import type { HandlerGroup } from './context.ts';

export function trashHandlers(): HandlerGroup<'trash'> {
  return {
    'trash.get': unavailable,
  };
}

function unavailable(): never {
  throw new StudioError({ code: 'unsupported-here', message: 'This isn’t available yet. Nothing was changed.' });
}
