/** One row of the record. */
export interface RecordRow {
  label: string;
  value: string;
  /** Shown after the value in a lighter colour. */
  hint?: string;
  /** Text to copy, and the label of the copy button. */
  copy?: { text: string; label: string };
  /** Shown with slashed zeros. */
  id?: boolean;
}
