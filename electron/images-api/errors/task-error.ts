import type { ErrorDetail } from '../../contract/errors/details.ts';
import type { ErrorCode, ServerMessage, StudioError } from '../../contract/errors/errors.ts';
import { apiError } from './api-error.ts';

type TaskEnd = Extract<ErrorDetail, { kind: 'task-without-image' }>['why'];

const CODES: Readonly<Record<TaskEnd, ErrorCode>> = {
  shown: 'answer-empty',
  refused: 'answer-empty',
  stopped: 'cancelled',
  'timed-out': 'timed-out',
};

/** A task whose image did not arrive. The server may go on with it and bill it. @param id the server's, redacted */
export function taskError(id: string | null, why: TaskEnd, server?: ServerMessage): StudioError {
  return apiError({
    code: CODES[why],
    detail: { kind: 'task-without-image', id, why },
    billing: 'possible',
    ...(server && { server }),
  });
}
