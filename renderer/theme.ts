import type { Theme } from '../electron/contract/entities/settings.ts';

const KEY = 'emulsion.theme';

/** Puts a theme on the page and remembers it for the next load. `system` follows the media query. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  localStorage.setItem(KEY, theme);
}

/** Before the settings are there: the theme of the last time, so that the page does not flash. */
export function applyRememberedTheme(): void {
  const theme = localStorage.getItem(KEY);
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset['theme'] = theme;
}
