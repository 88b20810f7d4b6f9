import { StudioError } from '../../contract/errors/errors.ts';
import type { HandlerGroup } from './context.ts';

export function promptHandlers(): HandlerGroup<'prompts'> {
  return {
    'prompts.list': unavailable,
    'prompts.save': unavailable,
    'prompts.remove': unavailable,
    'prompts.restore': unavailable,
    'prompts.versions': unavailable,
    'prompts.history': unavailable,
  };
}

function unavailable(): never {
  throw new StudioError({ code: 'unsupported-here', message: 'This isn’t available yet. Nothing was changed.' });
}
