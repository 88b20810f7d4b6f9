import type { CarriedKind, InputDetails } from '../entities/inputs.ts';

const LABELS: Readonly<Record<CarriedKind, string>> = {
  location: 'a location',
  prompt: 'a prompt from another app',
  other: 'other metadata',
};

/** `a location and a prompt from another app`; metadata alone is just `metadata`. */
export function carriedLabel(kinds: readonly CarriedKind[]): string {
  if (kinds.length === 1 && kinds[0] === 'other') return 'metadata';
  const labels = kinds.map((kind) => LABELS[kind]);
  return labels.length < 2 ? labels.join('') : `${labels.slice(0, -1).join(', ')} and ${labels.at(-1) ?? ''}`;
}

/** Whether a file says something that a person would not expect to send: a place or another program's prompt. */
export function carriesPrivate(details: Pick<InputDetails, 'carries'> | null | undefined): boolean {
  return details?.carries.some((kind) => kind !== 'other') ?? false;
}
