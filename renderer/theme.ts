import type { Theme } from '../electron/contract/entities/settings.ts';

const KEY = 'emulsion.theme';

/** Applies a theme and stores it for the next load. `system` follows the media query. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  localStorage.setItem(KEY, theme);
}

/** Applies the stored theme before the settings are loaded, to avoid a flash. */
export function applyRememberedTheme(): void {
  const theme = localStorage.getItem(KEY);
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset['theme'] = theme;
}
