import type { Settings } from '../contract/entities.ts';
import { describeLibrary, type Library } from '../library/library.ts';
import type { Preferences } from '../preferences/preferences.ts';

/** The settings as the renderer sees them: no keys, only where each is kept. */
export function describeSettings(preferences: Preferences, library: Library): Settings {
  return {
    theme: preferences.theme,
    profileId: preferences.profileId,
    profiles: preferences.profiles(),
    proxy: { mode: 'environment' },
    environmentProxy: null,
    monthlyCap: null,
    prices: [],
    library: { folder: library.folder, ...describeLibrary(library.db) },
  };
}
