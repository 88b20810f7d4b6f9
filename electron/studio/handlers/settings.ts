import type { Settings } from '../../contract/entities/settings.ts';
import { readSettings } from './read-settings.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';

export function settingsHandlers({ preferences, library, emit }: HandlerContext): HandlerGroup<'settings'> {
  const changed = (): Settings => {
    const settings = readSettings(preferences, library);
    emit({ type: 'settings', settings });
    return settings;
  };
  return {
    'settings.get': () => readSettings(preferences, library),

    async 'settings.change'(change) {
      await preferences.change(change);
      return changed();
    },

    async 'settings.dismissDamage'() {
      await preferences.dismissDamage();
      return changed();
    },
  };
}
