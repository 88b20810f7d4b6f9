import type { ErrorReport } from '../contract/errors/errors.ts';

/** Why a job is cut off; travels as the reason of its AbortSignal. */
export type StopReason = 'cancelled' | 'closing';

/** The state of a request that was cut off. */
export function stateForStop(reason: StopReason): 'cancelled' | 'interrupted' {
  return reason === 'cancelled' ? 'cancelled' : 'interrupted';
}

/** The state of a request that ended with an error. */
export function endState({ code }: ErrorReport): 'cancelled' | 'interrupted' | 'failed' {
  return code === 'interrupted' || code === 'cancelled' ? code : 'failed';
}

function stopCause(reason: StopReason): string {
  return reason === 'cancelled' ? 'Stopped' : 'Emulsion closed';
}

/** Cut off before anything left. */
export function stoppedBeforeSending(reason: StopReason): ErrorReport {
  const message = `${stopCause(reason)} before this was sent. Nothing was made and nothing was billed.`;
  return { code: stateForStop(reason), message, billing: 'none' };
}

/** Cut off after the server had refused it for now, and before it was sent again. */
export function stoppedAfterRefusal(reason: StopReason, refusal?: ErrorReport): ErrorReport {
  const message = `${stopCause(reason)} while this waited to be sent again: the server had refused it for now, as too many at once. Nothing was made and nothing was billed.`;
  return { ...refusal, code: stateForStop(reason), message, billing: 'none' };
}

/** The end of the application, where the client could only tell that somebody stopped it. */
export function interruptedByQuit(error: ErrorReport): ErrorReport {
  if (error.billing === 'none') return stoppedBeforeSending('closing');
  const message =
    'Emulsion closed while the server was working. The request was sent, the outcome is unknown and it may have been billed. It was not sent again.';
  return { ...error, code: 'interrupted', message };
}
