import { describeSettings } from './read-settings.ts';
import type { Group, Rooms } from './context.ts';

export function settingsHandlers({ preferences, library, announce }: Rooms): Group<'settings'> {
  return {
    'settings.get': () => describeSettings(preferences, library),

    async 'settings.change'(change) {
      await preferences.change(change);
      const settings = describeSettings(preferences, library);
      announce({ type: 'settings', settings });
      return settings;
    },
  };
}
