import type { StudioApi } from '../../electron/contract/api.ts';
import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import type { Profile, ProfileDraft } from '../../electron/contract/entities/profiles.ts';
import type { Settings } from '../../electron/contract/entities/settings.ts';
import { toErrorReport, type ErrorCode, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import { OPENAI_BASE_URL } from '../../electron/contract/catalogue/openai-base-url.ts';
import { attempt } from '../state/attempt.ts';
import { currentTime } from '../page/clock.ts';
import { toasts } from '../shared/feedback/toasts.svelte.ts';
import { checkKeyCharacters, savedDifferently } from '../state/profile-checks.ts';

/** The servers that the first run offers. */
export type Place = 'openai' | 'server' | 'demo';

/** A server that takes a key. */
type KeyPlace = Exclude<Place, 'demo'>;

const SHOWN: Record<Place, readonly string[]> = {
  openai: ['key'],
  server: ['name', 'baseUrl', 'key', 'organisation', 'project'],
  demo: [],
};
/** Fields that an error code belongs to. */
const ERROR_FIELDS: Partial<Record<ErrorCode, string>> = {
  'key-missing': 'key',
  'key-refused': 'key',
  'server-unreachable': 'baseUrl',
  'endpoint-missing': 'baseUrl',
  'answer-not-json': 'baseUrl',
};

/**
 * The first run: choose a server. A profile is saved, gets its key, is checked, and only then becomes active. If the
 * check fails, the saved profile is kept and changed by the next attempt, so that five attempts don't leave five profiles.
 * Choosing another server removes it.
 */
export class FirstRunController {
  place = $state<Place>('openai');
  /** The typed key for each server. Cleared as soon as it is saved. */
  readonly keys = $state<Record<KeyPlace, string>>({ openai: '', server: '' });
  /** Whether the saved profile has a key that the server hasn't refused. */
  readonly hasKey = $state<Record<KeyPlace, boolean>>({ openai: false, server: false });
  name = $state('');
  baseUrl = $state('');
  organisation = $state('');
  project = $state('');
  /** When the check in progress began (ms since 1970), or null. */
  checkingSince = $state<number | null>(null);
  fault = $state.raw<ErrorReport | null>(null);
  /** The saved profile whose check failed and that can be used anyway. */
  unchecked = $state.raw<ProfileId | null>(null);

  readonly #studio: StudioApi;
  readonly #demo: ProfileId | null;
  readonly #ondone: () => void;
  readonly #saved: Partial<Record<Place, ProfileId | undefined>> = {};
  /** Incremented with each attempt; results of earlier ones are ignored. */
  #attempt = 0;

  constructor(studio: StudioApi, settings: Settings, ondone: () => void) {
    this.#studio = studio;
    this.#demo = settings.profiles.find((profile) => profile.kind === 'demo')?.id ?? null;
    this.#ondone = ondone;
  }

  get hasDemo(): boolean {
    return this.#demo !== null;
  }

  /** The error of one field, named as in the contract; `null` if it has none. */
  errorOf(field: string): string | null {
    return this.fault && this.#fieldOf(this.fault) === field ? this.fault.message : null;
  }

  /** The error that belongs to no visible field. */
  get generalError(): string | null {
    return this.fault && this.#fieldOf(this.fault) === null ? this.fault.message : null;
  }

  /** The field that shows an error: the one it names, or the one its code belongs to. Null if none is visible. */
  #fieldOf(report: ErrorReport): string | null {
    const shown = SHOWN[this.place];
    const field = report.field ?? ERROR_FIELDS[report.code];
    return field !== undefined && shown.includes(field) ? field : null;
  }

  choose(place: Place): void {
    if (place === this.place) return;
    this.cancel();
    const left = this.place;
    this.place = place;
    this.fault = null;
    this.unchecked = null;
    void this.#forget(left);
  }

  /** Removes a profile that never passed its check. */
  async #forget(place: Place): Promise<void> {
    const profileId = this.#saved[place];
    if (profileId === undefined || place === 'demo') return;
    this.#saved[place] = undefined;
    this.hasKey[place] = false;
    try {
      await this.#studio.profiles.remove({ profileId });
    } catch {
      // Removal is retried when a server is finally chosen; until then another attempt may change the profile.
      this.#saved[place] ??= profileId;
    }
  }

  async start(): Promise<void> {
    if (this.checkingSince !== null) return;
    const missing = this.#missing();
    this.fault = missing;
    this.unchecked = null;
    if (missing) return;
    const attempt = (this.#attempt += 1);
    this.checkingSince = currentTime();
    try {
      await (this.place === 'demo' ? this.#use(this.#demo) : this.#saveAndCheck(this.place, attempt));
    } catch (thrown) {
      if (attempt === this.#attempt) this.fault = toErrorReport(thrown);
    } finally {
      if (attempt === this.#attempt) this.checkingSince = null;
    }
  }

  /** Stops waiting. The check itself is free and may finish on its own. */
  cancel(): void {
    this.#attempt += 1;
    this.checkingSince = null;
  }

  /** For servers without a list of models: uses the profile unchecked. */
  async useAnyway(): Promise<void> {
    const error = await attempt(() => this.#use(this.unchecked));
    if (error) this.fault = error;
  }

  async #saveAndCheck(place: KeyPlace, attempt: number): Promise<void> {
    // Read now: the person may keep typing while the profile is saved.
    const key = this.keys[place].trim();
    const draft = this.#draft();
    const profile = await this.#studio.profiles.save(draft);
    const message = savedDifferently({ baseUrl: draft.baseUrl, key }, profile);
    if (message !== null) toasts.show({ message });
    this.#saved[place] = profile.id;
    if (place !== this.place) return this.#forget(place);
    await this.#keepKey(place, profile, key);
    try {
      await this.#studio.profiles.check({ profileId: profile.id });
    } catch (thrown) {
      if (toErrorReport(thrown).code === 'key-refused') this.hasKey[place] = false;
      if (attempt === this.#attempt) this.unchecked = profile.id;
      throw thrown;
    }
    if (attempt === this.#attempt) await this.#use(profile.id);
  }

  /** Saves the typed key and clears it. Without one, a stored key stays unless the server refused it. */
  async #keepKey(place: KeyPlace, profile: Profile, key: string): Promise<void> {
    if (key) {
      await this.#studio.profiles.setKey({ profileId: profile.id, key });
      this.hasKey[place] = true;
      if (this.keys[place].trim() === key) this.keys[place] = '';
    } else if (profile.key !== 'none' && !this.hasKey[place]) {
      await this.#studio.profiles.removeKey({ profileId: profile.id });
    } else {
      // A profile loses its key when its address changes to another server.
      this.hasKey[place] = profile.key !== 'none';
    }
  }

  async #use(profileId: ProfileId | null): Promise<void> {
    if (profileId === null) return;
    await this.#studio.settings.change({ profileId });
    for (const [place, saved] of Object.entries(this.#saved)) {
      if (saved !== profileId) await this.#forget(place as Place);
    }
    this.#ondone();
  }

  #draft(): ProfileDraft {
    const id = this.#saved[this.place] ?? null;
    if (this.place === 'openai')
      return { id, name: 'OpenAI', baseUrl: OPENAI_BASE_URL, organisation: null, project: null };
    return {
      id,
      name: this.name.trim() || nameOf(this.baseUrl),
      baseUrl: this.baseUrl.trim(),
      organisation: this.organisation.trim() || null,
      project: this.project.trim() || null,
    };
  }

  #missing(): ErrorReport | null {
    const report = (field: string, message: string): ErrorReport => ({
      code: 'profile-invalid',
      billing: 'none',
      field,
      message,
    });
    if (this.place === 'openai' && !this.keys.openai.trim() && !this.hasKey.openai) {
      return report('key', 'Enter an API key from platform.openai.com, or start with the demo server.');
    }
    if (this.place === 'server' && !this.baseUrl.trim()) {
      return report('baseUrl', 'Enter an address, such as http://192.168.1.40:8080/v1.');
    }
    return this.place === 'demo' ? null : checkKeyCharacters(this.keys[this.place]);
  }
}

/** The default name of a server: its host. */
function nameOf(baseUrl: string): string {
  return URL.parse(baseUrl.trim())?.host || 'My server';
}
