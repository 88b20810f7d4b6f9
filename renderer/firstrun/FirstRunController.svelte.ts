import type { StudioApi } from '../../electron/contract/api.ts';
import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import type { Profile, ProfileDraft } from '../../electron/contract/entities/profiles.ts';
import type { Settings } from '../../electron/contract/entities/settings.ts';
import { toErrorReport, type ErrorCode, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import { OPENAI_BASE_URL } from '../../electron/contract/catalogue/openai-base-url.ts';
import { currentTime } from '../clock.ts';
import { checkKeyCharacters } from '../state/profile-checks.ts';

/** Where images can be made, as the first run asks it. */
export type Place = 'openai' | 'server' | 'demo';

/** A place that takes a key. */
type KeyPlace = Exclude<Place, 'demo'>;

const SHOWN: Record<Place, readonly string[]> = {
  openai: ['key'],
  server: ['name', 'baseUrl', 'key', 'organisation', 'project'],
  demo: [],
};
/** What a failed check is about, where it is plain. */
const ERROR_FIELDS: Partial<Record<ErrorCode, string>> = {
  'key-missing': 'key',
  'key-refused': 'key',
  'server-unreachable': 'baseUrl',
  'endpoint-missing': 'baseUrl',
  'answer-not-json': 'baseUrl',
};

/**
 * The one question of the first run: where images are made. A profile is saved, gets its key, is checked, and only then chosen. When the
 * check fails the saved profile is kept and changed by the next try, so that trying five times does not leave five profiles.
 * Choosing another place removes it.
 */
export class FirstRunController {
  place = $state<Place>('openai');
  /** A key on its way in, for each place that takes one. It is forgotten here as soon as it is kept there. */
  readonly keys = $state<Record<KeyPlace, string>>({ openai: '', server: '' });
  /** The place's saved profile has a key, and the server has not refused it. */
  readonly hasKey = $state<Record<KeyPlace, boolean>>({ openai: false, server: false });
  name = $state('');
  baseUrl = $state('');
  organisation = $state('');
  project = $state('');
  /** When the check in progress began (ms since 1970), or null. */
  checkingSince = $state<number | null>(null);
  fault = $state.raw<ErrorReport | null>(null);
  /** The saved profile that failed its check and can be used all the same. */
  unchecked = $state.raw<ProfileId | null>(null);

  readonly #studio: StudioApi;
  readonly #demo: ProfileId | null;
  readonly #ondone: () => void;
  readonly #saved: Partial<Record<Place, ProfileId | undefined>> = {};
  /** Grows with every try; the answer to an older one is not listened to. */
  #attempt = 0;

  constructor(studio: StudioApi, settings: Settings, ondone: () => void) {
    this.#studio = studio;
    this.#demo = settings.profiles.find((profile) => profile.kind === 'demo')?.id ?? null;
    this.#ondone = ondone;
  }

  get hasDemo(): boolean {
    return this.#demo !== null;
  }

  /** The sentence for one field, by the names of the contract; `null` where another field is at fault. */
  errorOf(field: string): string | null {
    return this.fault && this.#fieldOf(this.fault) === field ? this.fault.message : null;
  }

  /** The sentence that belongs to no field that is shown. */
  get generalError(): string | null {
    return this.fault && this.#fieldOf(this.fault) === null ? this.fault.message : null;
  }

  /** The field that a report is shown under: the one it names, or the one that its code is about. Null for none that is shown. */
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

  /** Removes the profile that was made for a place and never worked. */
  async #forget(place: Place): Promise<void> {
    const profileId = this.#saved[place];
    if (profileId === undefined || place === 'demo') return;
    this.#saved[place] = undefined;
    this.hasKey[place] = false;
    try {
      await this.#studio.profiles.remove({ profileId });
    } catch {
      // It is tried again when a place is chosen for good; until then it can still be changed by another try.
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

  /** Stops waiting. The check itself costs nothing and may end by itself. */
  cancel(): void {
    this.#attempt += 1;
    this.checkingSince = null;
  }

  /** For servers that have no list of models: takes the profile as it is. */
  async useAnyway(): Promise<void> {
    try {
      await this.#use(this.unchecked);
    } catch (thrown) {
      this.fault = toErrorReport(thrown);
    }
  }

  async #saveAndCheck(place: KeyPlace, attempt: number): Promise<void> {
    // What is in the field now; the person may write on while the profile is saved.
    const key = this.keys[place].trim();
    const profile = await this.#studio.profiles.save(this.#draft());
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

  /** Hands a typed key over and forgets it. Without one, a key that is there stays unless the server has refused it. */
  async #keepKey(place: KeyPlace, profile: Profile, key: string): Promise<void> {
    if (key) {
      await this.#studio.profiles.setKey({ profileId: profile.id, key });
      this.hasKey[place] = true;
      if (this.keys[place].trim() === key) this.keys[place] = '';
    } else if (profile.key !== 'none' && !this.hasKey[place]) {
      await this.#studio.profiles.removeKey({ profileId: profile.id });
    } else {
      // A profile loses its key when its address changes to another server's.
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

/** A name for a server whose person gave it none: its host. */
function nameOf(baseUrl: string): string {
  return URL.parse(baseUrl.trim())?.host || 'My server';
}
