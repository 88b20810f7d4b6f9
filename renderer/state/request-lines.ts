import { parameterName, parameterValueLabel } from './parameter-labels.ts';

/** A value that differs from the request before; `before` '' if it was not set. */
export interface RequestChange {
  label: string;
  before: string;
  after: string;
}

/** What is sent besides parameters. `references`: images without the one that is edited. */
export interface SentInputs {
  references: number;
  mask: boolean;
  markup: boolean;
}

/** The prompt is compared word by word elsewhere; the other two do not affect the image. */
const IGNORED_PARAMETERS = new Set(['prompt', 'stream', 'response_format']);

/** What a request asks for, by label, as it is shown. `inputs`: null for a request that sends none. */
export function requestLines(parameters: object, inputs: SentInputs | null): Map<string, string> {
  const lines = new Map<string, string>();
  for (const [field, value] of Object.entries(parameters)) {
    if (IGNORED_PARAMETERS.has(field) || value == null) continue;
    lines.set(parameterName(field), parameterValueLabel(field, value));
  }
  if (inputs === null) return lines;
  if (inputs.references > 0) lines.set('References', String(inputs.references));
  if (inputs.mask) lines.set('Mask', 'Sent');
  if (inputs.markup) lines.set('Markup', 'Sent');
  return lines;
}

/** All differences between the lines of two requests; all lines if there are none before. */
export function changedLines(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): RequestChange[] {
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((label): RequestChange[] => {
    const [was, is] = [before.get(label) ?? '', after.get(label) ?? ''];
    return was === is ? [] : [{ label, before: was, after: is || 'not sent' }];
  });
}
