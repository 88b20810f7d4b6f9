import { amendReport, StudioError, type ErrorReport } from '../contract/errors/errors.ts';

/** Why a job is aborted; the reason of its AbortSignal. */
export type StopReason = 'cancelled' | 'closing';

/** The state of a request that was aborted. */
export function stateForStop(reason: StopReason): 'cancelled' | 'interrupted' {
  return reason === 'cancelled' ? 'cancelled' : 'interrupted';
}

/** The state of a request that ended with an error. */
export function endState({ code }: ErrorReport): 'cancelled' | 'interrupted' | 'failed' {
  return code === 'interrupted' || code === 'cancelled' ? code : 'failed';
}

const stoppedBy = (reason: StopReason): 'user' | 'quit' => (reason === 'cancelled' ? 'user' : 'quit');

/** Aborted before anything was sent. */
export function stoppedBeforeSending(reason: StopReason): ErrorReport {
  const detail = { kind: 'stopped-before-sending', by: stoppedBy(reason) } as const;
  return new StudioError({ code: stateForStop(reason), detail, billing: 'none' }).report;
}

/** Aborted after the server had rate limited it, before it was sent again. */
export function stoppedAfterRefusal(reason: StopReason, refusal?: ErrorReport): ErrorReport {
  const detail = { kind: 'stopped-while-rate-limited', by: stoppedBy(reason) } as const;
  return new StudioError({ ...refusal, message: undefined, code: stateForStop(reason), detail, billing: 'none' })
    .report;
}

/** Ended because Emulsion quit; the HTTP client only knows that it was stopped. `received` of `n` images had arrived. */
export function interruptedByQuit(error: ErrorReport, received: number, n: number): ErrorReport {
  if (error.billing === 'none') return stoppedBeforeSending('closing');
  return amendReport(error, { code: 'interrupted', detail: { kind: 'quit-after-sending', received, n } });
}
