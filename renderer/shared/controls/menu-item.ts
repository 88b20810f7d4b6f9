/** An entry of a menu. */
export interface MenuItem {
  label: string;
  run: () => void;
  disabled?: boolean;
  danger?: boolean;
  /** Draws a line above. */
  apart?: boolean;
}
