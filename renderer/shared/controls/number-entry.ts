/** What every control for a number takes. */
export interface NumberEntryProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step?: number;
  id?: string;
  describedby?: string;
  disabled?: boolean;
  onchange?: (value: number) => void;
}

/** The number nearest to a wish that lies within the limits, in whole steps from zero. */
export function clampToStep(
  requested: number,
  { min, max, step = 1 }: { min: number; max: number; step?: number },
): number {
  return Math.min(max, Math.max(min, Math.round(requested / step) * step));
}

/** Hands a typed number on, and then shows in its field the one that it became; what is no number changes nothing. */
export function commitTypedNumber(input: HTMLInputElement, set: (value: number) => void, present: () => number): void {
  if (Number.isFinite(input.valueAsNumber)) set(input.valueAsNumber);
  input.value = String(present());
}
