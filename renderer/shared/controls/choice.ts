/** One option of a choice. */
interface Option<T extends string> {
  value: T;
  label: string;
  disabled?: boolean;
}

/** An option of a segmented control. */
export interface SegmentedOption<T extends string> extends Option<T> {
  /** Why it is disabled, as a tooltip and description. */
  reason?: string;
}

/** An option of a select. */
export interface SelectOption<T extends string> extends Option<T> {
  /** Shown at the right in a lighter colour. */
  hint?: string;
  /** Options with the same group share a heading. */
  group?: string;
}

/** Properties of all controls that choose one option. */
export interface ChoiceProps<T extends string, O extends Option<T>> {
  label: string;
  options: readonly O[];
  value: T;
  id?: string;
  describedby?: string;
  disabled?: boolean;
  onchange?: (value: T) => void;
}
