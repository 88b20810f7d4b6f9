/** One of the things that can be chosen. */
interface Option<T extends string> {
  value: T;
  label: string;
  disabled?: boolean;
}

/** An option of a row of segments. */
export interface SegmentedOption<T extends string> extends Option<T> {
  /** Why it is off, shown on hover and read as its description. */
  reason?: string;
}

/** An option of a menu. */
export interface SelectOption<T extends string> extends Option<T> {
  /** Stands at the right, in a quieter ink. */
  hint?: string;
  /** Options with the same group stand under one heading. */
  group?: string;
}

/** What every control for one choice out of several takes. */
export interface ChoiceProps<T extends string, O extends Option<T>> {
  label: string;
  options: readonly O[];
  value: T;
  id?: string;
  describedby?: string;
  disabled?: boolean;
  onchange?: (value: T) => void;
}
