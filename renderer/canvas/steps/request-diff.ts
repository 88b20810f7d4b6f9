import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import { parameterName, parameterValueLabel } from '../../state/parameter-labels.ts';

/** A parameter that differs from the request before; `before` '' if it was not set. */
export interface RequestChange {
  label: string;
  before: string;
  after: string;
}

/** The prompt is compared word by word elsewhere; the other two do not affect the image. */
const IGNORED_PARAMETERS = new Set(['prompt', 'stream', 'response_format']);

/** All differences between two requests except the prompt; all parameters if there is no request before. */
export function requestChanges(before: Job | null, after: Job): RequestChange[] {
  const [old, now] = [linesOf(before?.request ?? null), linesOf(after.request)];
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((label): RequestChange[] => {
    const [was, is] = [old.get(label) ?? '', now.get(label) ?? ''];
    return was === is ? [] : [{ label, before: was, after: is || 'not sent' }];
  });
}

function linesOf(request: JobRequest | null): Map<string, string> {
  const lines = new Map<string, string>();
  if (!request) return lines;
  for (const [field, value] of Object.entries(request.parameters)) {
    if (IGNORED_PARAMETERS.has(field) || value == null) continue;
    lines.set(parameterName(field), parameterValueLabel(field, value));
  }
  if (request.operation === 'create') return lines;
  const references = request.inputs.filter(({ role }) => role === 'image').length - 1;
  if (references > 0) lines.set('References', String(references));
  for (const [role, label] of [
    ['mask', 'Mask'],
    ['markup', 'Markup'],
  ] as const) {
    if (request.inputs.some((input) => input.role === role)) lines.set(label, 'Sent');
  }
  if (request.operation === 'edit' && request.strict) lines.set('Strict mask', `Feather ${request.strict.feather} px`);
  return lines;
}
