import type { HandlerContext, HandlerGroup } from './context.ts';

export function checkHandlers({ checks }: HandlerContext): HandlerGroup<'check'> {
  return {
    'check.start': ({ runId }) => checks.check(runId),
    'check.findings': ({ kind, ...page }) => checks.findings(kind, page),
    'check.repair': ({ runId, repair }) => checks.repair(runId, repair),
  };
}
