import { StudioError } from '../../contract/errors/errors.ts';
import type { HandlerGroup } from './context.ts';

export function viewHandlers(): HandlerGroup<'views'> {
  return {
    'views.ask': unavailable,
    'views.facets': unavailable,
    'views.rows': unavailable,
    'views.positions': unavailable,
    'views.selected': unavailable,
    'views.summarize': unavailable,
    'views.status': unavailable,
  };
}

function unavailable(): never {
  throw new StudioError({ code: 'unsupported-here', message: 'This isn’t available yet. Nothing was changed.' });
}
