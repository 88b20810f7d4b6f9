import type { GenerationId } from '../../electron/contract/entities/ids.ts';
import type { ResponseHead } from '../../electron/contract/entities/generations.ts';

const STATES: Record<ResponseHead['state'], string> = {
  intent: 'Waiting to be sent',
  sent: 'Sent',
  done: 'Completed',
  failed: 'Failed',
  cancelled: 'Stopped',
  interrupted: 'Interrupted',
};

/** How a request ended, with the status of its response: "Failed · HTTP 403". */
export function responseLabel({ state, status }: ResponseHead): string {
  return status === null ? STATES[state] : `${STATES[state]} · HTTP ${status}`;
}

/** A job's requests to choose from, numbered. */
export function responseOptions(heads: readonly ResponseHead[]): { value: GenerationId; label: string }[] {
  return heads.map((head, index) => ({
    value: head.generationId,
    label: `Request ${index + 1} of ${heads.length} · ${responseLabel(head)}`,
  }));
}
