/** One row of the Record. */
export interface RecordRow {
  label: string;
  value: string;
  /** After the value, quieter. */
  hint?: string;
  /** Text to offer for copying, and what the act is called. */
  copy?: { text: string; label: string };
  /** An id: its zeros have a slash. */
  id?: boolean;
}
