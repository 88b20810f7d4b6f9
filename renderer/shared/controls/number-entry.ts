/** Properties of all controls for a number. */
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

/** The multiple of `step` nearest to the requested number, within the limits. */
export function clampToStep(
  requested: number,
  { min, max, step = 1 }: { min: number; max: number; step?: number },
): number {
  return Math.min(max, Math.max(min, Math.round(requested / step) * step));
}

/** Passes a typed number to `set`, then shows the resulting number in the field. Other text changes nothing. */
export function commitTypedNumber(input: HTMLInputElement, set: (value: number) => void, present: () => number): void {
  if (Number.isFinite(input.valueAsNumber)) set(input.valueAsNumber);
  input.value = String(present());
}
