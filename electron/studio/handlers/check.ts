import { runCheck } from '../../library/check/run-check.ts';
import type { HandlerContext, HandlerGroup } from './context.ts';

export function checkHandlers({ library, runs }: HandlerContext): HandlerGroup<'check'> {
  return {
    'check.start': ({ runId }) => runs.start({ id: runId, kind: 'check' }, (control) => runCheck(library, control)),
  };
}
