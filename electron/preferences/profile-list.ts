import type { ProfileId } from '../contract/entities/ids.ts';
import type { Profile } from '../contract/entities/profiles.ts';
import type { ProbeReport } from '../contract/catalogue/servers.ts';
import { StudioError } from '../contract/errors/errors.ts';
import { makeKeyHint } from './api-key.ts';
import { buildEnvironmentProfile, DEMO } from './built-in-profiles.ts';
import type { EnvironmentProfile } from './environment-profile.ts';
import type { PreferencesStore } from './preferences-store.ts';
import { resolveServerFields } from './profile-draft.ts';
import type { SavedProfile } from './saved-profile.ts';

/** The profiles as the screen shows them, without their keys: those saved in the settings, the environment's, the demo server. */
export class ProfileList {
  readonly #store: PreferencesStore;
  readonly #environment: EnvironmentProfile | null;

  /** @param environment null: the environment has no key */
  constructor(store: PreferencesStore, environment: EnvironmentProfile | null) {
    this.#store = store;
    this.#environment = environment;
  }

  /** All profiles: saved ones in order of creation, the environment's, the demo server. */
  all(): Profile[] {
    const profiles = this.#store.settings.profiles.map((saved) => this.masked(saved));
    const builtIn = this.#environment ? [buildEnvironmentProfile(this.#environment), DEMO] : [DEMO];
    return [...profiles, ...builtIn.map((profile) => ({ ...profile, found: this.#foundOf(profile) }))];
  }

  find(id: ProfileId): Profile | undefined {
    return this.all().find((profile) => profile.id === id);
  }

  /** @throws `not-found` */
  require(id: ProfileId): Profile {
    const profile = this.find(id);
    if (profile) return profile;
    throw new StudioError({
      code: 'not-found',
      message: 'This profile no longer exists. Choose another one in Settings.',
    });
  }

  /** @throws `not-found`; `profile-invalid` for a built-in profile */
  requireSaved(id: ProfileId): SavedProfile {
    const profile = this.require(id);
    const saved = this.#store.settings.profiles.find((other) => other.id === id);
    if (saved) return saved;
    const message = `The profile “${profile.name}” is built in and can’t be changed. Create your own profile instead.`;
    throw new StudioError({ code: 'profile-invalid', message });
  }

  /** A saved profile with the state of its key instead of the key. */
  masked(saved: SavedProfile): Profile {
    const { id, name, baseUrl, organisation, project } = saved;
    const { secrets } = this.#store;
    const key = secrets.stateOf({ id, baseUrl });
    const keyHint = makeKeyHint(secrets.keyOf({ id, baseUrl }));
    return { id, kind: 'saved', name, baseUrl, organisation, project, key, keyHint, ...resolveServerFields(saved) };
  }

  /** What a probe of a built-in profile's current server has found. */
  #foundOf({ id, baseUrl }: Profile): ProbeReport | null {
    const kept = this.#store.settings.builtInFindings?.[id];
    return kept?.baseUrl === baseUrl ? kept.report : null;
  }
}
