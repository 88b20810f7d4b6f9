import type { Settings } from '../../contract/entities/settings.ts';
import { readLibraryTotals, type Library } from '../../library/library.ts';
import type { Preferences } from '../../preferences/preferences.ts';

/** The settings for the renderer, without keys (only where each is stored) and without the proxy's password. */
export function readSettings(preferences: Preferences, library: Library): Settings {
  return {
    theme: preferences.theme,
    profileId: preferences.profileId,
    profiles: preferences.profiles(),
    proxy: preferences.proxy,
    environmentProxy: preferences.environmentProxy,
    monthlyCap: preferences.monthlyCap,
    damage: preferences.damage,
    prices: preferences.prices,
    library: { folder: library.folder, ...readLibraryTotals(library.db) },
  };
}
