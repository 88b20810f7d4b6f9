import { v7 as uuid } from 'uuid';
import { PLAIN_PROFILE } from '../contract/entities.ts';
import type { Profile, ProfileDraft, ProfileId, ProfileKind, SettingsChange, Theme } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { checkApiKey, hintOf } from './api-key.ts';
import { checkBaseUrl, wantsKey } from './base-url.ts';
import type { Cipher } from './cipher.ts';
import { checkHeaderText, readEnvironment, type EnvironmentProfile } from './environment-profile.ts';
import { makePrivateFolder, takeTurn } from './json-file.ts';
import { Secrets } from './secrets.ts';
import {
  DEFAULT_SETTINGS,
  readSettings,
  writeSettings,
  type SavedProfile,
  type SettingsFile,
} from './settings-file.ts';

export type { Cipher } from './cipher.ts';

export const DEMO_PROFILE = 'demo' as ProfileId;
export const ENVIRONMENT_PROFILE = 'environment' as ProfileId;

/** Always there. Its address is known only while it runs: whoever starts it fills it in. */
const DEMO: Profile = {
  id: DEMO_PROFILE,
  kind: 'demo',
  name: 'Demo server',
  baseUrl: '',
  organisation: null,
  project: null,
  key: 'not-needed',
  keyHint: null,
  ...PLAIN_PROFILE,
  free: true,
};

export interface PreferencesOptions {
  /** Where `settings.json` and `secrets.json` are; made if it is not there. */
  folder: string;
  /** Null: keys live in memory until the program ends. */
  cipher: Cipher | null;
  /** Read for OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID and OPENAI_PROJECT_ID. */
  environment: Record<string, string | undefined>;
  /** The program was started with `--demo`: the demo profile is the chosen one for this run, until another is chosen. */
  demo: boolean;
}

/** What a request needs to know of its profile. Main side only: it holds the key. */
export interface ProfileConnection {
  name: string;
  kind: ProfileKind;
  baseUrl: string;
  /** Null: none is sent; a server of one's own may need none. */
  apiKey: string | null;
  organisation: string | null;
  project: string | null;
}

/**
 * Opens settings, profiles and keys. A damaged file is put aside and named in {@link Preferences.notes}. Throws `disk-unwritable`
 * where the folder cannot be made, and `unsupported-here` for files of a newer version, which stay as they are.
 */
export async function openPreferences(options: PreferencesOptions): Promise<Preferences> {
  await makePrivateFolder(options.folder);
  const settings = await readSettings(options.folder);
  const { secrets, note } = await Secrets.open(options.folder, options.cipher);
  const notes = [settings.note, note].filter((sentence) => sentence !== null);
  return new Preferences(options, settings.content ?? DEFAULT_SETTINGS, secrets, notes);
}

/**
 * Settings, profiles and keys of one person. Every change is on disk before its promise resolves, and in force only then. The desktop and
 * the loopback host share the files, so each change is made to what is on disk now, while no other process makes one; what the other host
 * has changed is seen here with the next change.
 */
export class Preferences {
  /** Sentences about files that could not be used at the start. */
  readonly notes: readonly string[];
  readonly #folder: string;
  readonly #environment: EnvironmentProfile | null;
  readonly #secrets: Secrets;
  #settings: SettingsFile;
  #demoActive: boolean;
  /** Changes run one after the other, so that none is built on a state that another replaces. */
  #last: Promise<unknown> = Promise.resolve();

  /** Use {@link openPreferences}. */
  constructor(options: PreferencesOptions, settings: SettingsFile, secrets: Secrets, notes: readonly string[]) {
    this.#folder = options.folder;
    this.#demoActive = options.demo;
    this.#environment = readEnvironment(options.environment);
    this.#settings = settings;
    this.#secrets = secrets;
    this.notes = notes;
  }

  get theme(): Theme {
    return this.#settings.theme;
  }

  /** The library folder that the person chose, absolute; null for the host's own choice. */
  get libraryFolder(): string | null {
    return this.#settings.libraryFolder;
  }

  /**
   * The profile that requests go to. `--demo` first, then the person's choice, then the environment's; null where nothing was chosen:
   * a saved profile counts only when it was, so that a half-finished first run stays one.
   */
  get profileId(): ProfileId | null {
    if (this.#demoActive) return DEMO_PROFILE;
    const chosen = this.#settings.profileId;
    if (chosen !== null && this.#find(chosen)) return chosen;
    return this.#environment ? ENVIRONMENT_PROFILE : null;
  }

  /** Saved ones in the order of their making, then the environment's, then the demo server. */
  profiles(): Profile[] {
    const profiles = this.#settings.profiles.map((saved) => this.#describe(saved));
    if (this.#environment) profiles.push(describeEnvironment(this.#environment));
    profiles.push(DEMO);
    return profiles;
  }

  /** Throws `not-found` for a profile that is not there. */
  change(change: SettingsChange): Promise<void> {
    return this.#change(async () => {
      const { theme = this.#settings.theme, profileId } = change;
      if (profileId) this.#require(profileId);
      await this.#write({
        ...this.#settings,
        theme,
        profileId: profileId === undefined ? this.#settings.profileId : profileId,
      });
      if (profileId !== undefined) this.#demoActive = false;
    });
  }

  /** Remembers the library for the next start; null for the host's own choice. */
  setLibraryFolder(folder: string | null): Promise<void> {
    return this.#change(() => this.#write({ ...this.#settings, libraryFolder: folder }));
  }

  /**
   * Makes a profile (`id` null) or changes a saved one. Its key stays as long as the server does: a key is never sent to an address
   * that it was not entered for. Throws `profile-invalid` or `not-found`. The address is stored first: a crash before the
   * key is removed leaves one that belongs to another server than the profile's, which counts as none.
   */
  saveProfile(draft: ProfileDraft): Promise<Profile> {
    return this.#change(async () => {
      const before = draft.id === null ? undefined : this.#requireSaved(draft.id);
      const saved: SavedProfile = { ...before, ...checkDraft(draft), id: before?.id ?? (uuid() as ProfileId) };
      const others = this.#settings.profiles;
      const profiles = before ? others.map((other) => (other === before ? saved : other)) : [...others, saved];
      await this.#write({ ...this.#settings, profiles });
      await this.#secrets.removeStrange(saved);
      return this.#describe(saved);
    });
  }

  /** Removes a saved profile and its key. Pictures made with it stay. Throws `profile-invalid` or `not-found`. */
  removeProfile(id: ProfileId): Promise<void> {
    return this.#change(async () => {
      const saved = this.#requireSaved(id);
      await this.#secrets.remove(id);
      const profiles = this.#settings.profiles.filter((other) => other !== saved);
      // Where the chosen one goes, the oldest other one takes its place.
      const profileId = this.#settings.profileId === id ? (profiles[0]?.id ?? null) : this.#settings.profileId;
      await this.#write({ ...this.#settings, profiles, profileId });
    });
  }

  /**
   * Keeps a key for a saved profile, and for the server that the profile is known here to have: should the other host have moved it
   * elsewhere meanwhile, the key is none there. Throws `profile-invalid`, `not-found` or `secrets-unavailable`; never repeats the key.
   */
  setKey(id: ProfileId, key: string): Promise<Profile> {
    return this.#queue(async () => {
      const sealed = await this.#secrets.seal(this.#requireSaved(id), checkApiKey(key));
      return this.#inTurn(async () => {
        const saved = this.#requireSaved(id);
        await this.#secrets.set(id, sealed);
        return this.#describe(saved);
      });
    });
  }

  removeKey(id: ProfileId): Promise<Profile> {
    return this.#change(async () => {
      const saved = this.#requireSaved(id);
      await this.#secrets.remove(id);
      return this.#describe(saved);
    });
  }

  /**
   * Where and as whom to send. Throws `not-found`; `key-missing` where the server is known to want a key, or the kept one cannot be
   * decrypted any more; `profile-invalid` where the environment's variables cannot be used.
   */
  async connectionOf(id: ProfileId): Promise<ProfileConnection> {
    const { name, kind, baseUrl, organisation, project } = this.#require(id);
    if (kind === 'environment' && this.#environment?.fault) throw this.#environment.fault;
    const apiKey = kind === 'environment' ? (this.#environment?.apiKey ?? null) : this.#secrets.keyOf({ id, baseUrl });
    if (kind === 'saved' && apiKey === null) this.#refuseWithoutKey(id, name, baseUrl);
    return { name, kind, baseUrl, apiKey, organisation, project };
  }

  /** Resolves when every change that was begun has ended. */
  async close(): Promise<void> {
    await this.#last;
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    return this.#queue(() => this.#inTurn(change));
  }

  #queue<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#last.then(change);
    this.#last = result.catch(() => undefined); // the caller hears of it; the next change goes on
    return result;
  }

  /** Runs a change on what is on disk now, while no other process changes it. */
  async #inTurn<T>(change: () => Promise<T>): Promise<T> {
    // Twice, because the first may wait for a keychain, and nobody should have to wait for that.
    await this.#reload();
    const endTurn = await takeTurn(this.#folder, 'settings');
    try {
      await this.#reload();
      return await change();
    } finally {
      await endTurn();
    }
  }

  /** A file that is gone or damaged (and put aside then) is no reason to forget what is known here: the next change writes it again. */
  async #reload(): Promise<void> {
    this.#settings = (await readSettings(this.#folder)).content ?? this.#settings;
    await this.#secrets.reload();
  }

  async #write(settings: SettingsFile): Promise<void> {
    await writeSettings(this.#folder, settings);
    this.#settings = settings;
  }

  #refuseWithoutKey(id: ProfileId, name: string, baseUrl: string): void {
    const unreadable = this.#secrets.isUnreadable({ id, baseUrl });
    if (!unreadable && !wantsKey(baseUrl)) return;
    const reason = unreadable
      ? `The key of “${name}” cannot be read here any more.`
      : `The profile “${name}” has no key.`;
    throw new StudioError({ code: 'key-missing', message: `${reason} Nothing was sent. Enter the key in Settings.` });
  }

  #find(id: ProfileId): Profile | undefined {
    return this.profiles().find((profile) => profile.id === id);
  }

  #require(id: ProfileId): Profile {
    const profile = this.#find(id);
    if (profile) return profile;
    throw new StudioError({
      code: 'not-found',
      message: 'This profile is not there any more. Choose another one in Settings.',
    });
  }

  #requireSaved(id: ProfileId): SavedProfile {
    const profile = this.#require(id);
    const saved = this.#settings.profiles.find((other) => other.id === id);
    if (saved) return saved;
    const message = `The profile “${profile.name}” is built in and cannot be changed. Make a profile of your own instead.`;
    throw new StudioError({ code: 'profile-invalid', message });
  }

  #describe({ id, name, baseUrl, organisation, project }: SavedProfile): Profile {
    const key = this.#secrets.stateOf({ id, baseUrl });
    const keyHint = hintOf(this.#secrets.keyOf({ id, baseUrl }));
    return { id, kind: 'saved', name, baseUrl, organisation, project, key, keyHint, ...PLAIN_PROFILE };
  }
}

function describeEnvironment({ baseUrl, organisation, project, apiKey }: EnvironmentProfile): Profile {
  const rest = { organisation, project, key: 'environment', keyHint: hintOf(apiKey) } as const;
  return { id: ENVIRONMENT_PROFILE, kind: 'environment', name: 'Environment', baseUrl, ...rest, ...PLAIN_PROFILE };
}

function checkDraft(draft: ProfileDraft): Pick<SavedProfile, 'name' | 'baseUrl' | 'organisation' | 'project'> {
  const organisation = draft.organisation?.trim() || null;
  const project = draft.project?.trim() || null;
  for (const [field, text] of Object.entries({ organisation, project })) {
    try {
      checkHeaderText(text);
    } catch (cause) {
      const message = `The ${field} holds a character that cannot be sent in a request. Letters, digits and hyphens can.`;
      throw new StudioError({ code: 'profile-invalid', message, field }, { cause });
    }
  }
  return { name: draft.name.trim(), baseUrl: checkBaseUrl(draft.baseUrl), organisation, project };
}
