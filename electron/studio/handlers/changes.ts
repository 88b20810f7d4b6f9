import { StudioError } from '../../contract/errors/errors.ts';
import type { HandlerGroup } from './context.ts';

export function changeHandlers(): HandlerGroup<'changes'> {
  return {
    'changes.apply': unavailable,
    'changes.cancel': unavailable,
    'changes.undo': unavailable,
    'changes.redo': unavailable,
    'changes.list': unavailable,
  };
}

function unavailable(): never {
  throw new StudioError({ code: 'unsupported-here', message: 'This isn’t available yet. Nothing was changed.' });
}
