import type { HandlerContext, HandlerGroup } from './context.ts';

export function viewHandlers({ index }: HandlerContext): HandlerGroup<'views'> {
  return {
    'views.ask': (takes) => index.ask('ask', takes),
    'views.facets': (takes) => index.ask('facets', takes),
    'views.rows': (takes) => index.ask('rows', takes),
    'views.positions': (takes) => index.ask('positions', takes),
    'views.selected': (takes) => index.ask('selected', takes),
    'views.summarize': (takes) => index.ask('summarize', takes),
    'views.status': () => index.status,
  };
}
