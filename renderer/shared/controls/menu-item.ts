/** An entry of a menu. */
export interface MenuItem {
  label: string;
  run: () => void;
  disabled?: boolean;
  /** Why it is disabled. */
  reason?: string;
  danger?: boolean;
  /** Draws a line above. */
  apart?: boolean;
}

/** Entries, disabled for one reason; as they are for null. */
export function withReason(items: readonly MenuItem[], reason: string | null): readonly MenuItem[] {
  return reason === null ? items : items.map((item) => ({ ...item, disabled: true, reason }));
}
