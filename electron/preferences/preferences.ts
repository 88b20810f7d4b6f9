import pLimit from 'p-limit';
import { v7 as uuid } from 'uuid';
import * as v from 'valibot';
import type { ProfileId } from '../contract/entities/ids.ts';
import type { Profile, ProfileDraft, ProfileKind } from '../contract/entities/profiles.ts';
import type { Proxy, SettingsChange, Theme } from '../contract/entities/settings.ts';
import { StudioError } from '../contract/errors/errors.ts';
import { notSent } from '../contract/errors/messages.ts';
import { PriceRowSchema, type Micros, type PriceRow } from '../contract/entities/money.ts';
import { resolveServer, type ProbeReport, type Server } from '../contract/catalogue/servers.ts';
import { checkApiKey, makeKeyHint } from './api-key.ts';
import { requiresApiKey } from './base-url.ts';
import { DEMO, DEMO_PROFILE, buildEnvironmentProfile, ENVIRONMENT_PROFILE } from './built-in-profiles.ts';
import { ProxySettings } from './proxy-settings.ts';
import type { Cipher } from './cipher.ts';
import { readEnvironment, type EnvironmentProfile } from './environment-profile.ts';
import { maskedEnvironmentProxy } from './environment-proxy.ts';
import { makePrivateFolder, lockFolder } from './json-file.ts';
import { applyDraft, resolveServerFields } from './profile-draft.ts';
import { Secrets } from './secrets.ts';
import {
  DEFAULT_SETTINGS,
  readSettings,
  writeSettings,
  type SavedProfile,
  type SettingsFile,
} from './settings-file.ts';

export type { Cipher } from './cipher.ts';

export interface PreferencesOptions {
  /** Folder of `settings.json` and `secrets.json`; created if missing. */
  folder: string;
  /** Null: keys are kept in memory until the program ends. */
  cipher: Cipher | null;
  /** Read for OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID, OPENAI_PROJECT_ID, OPENAI_API_VERSION, and for proxies. */
  environment: Record<string, string | undefined>;
  /** Started with `--demo`: the demo profile is selected for this run, until another is chosen. */
  demo: boolean;
}

/** Connection settings of a profile. Main process only: contains the key, and possibly a proxy's password. */
export interface ProfileConnection {
  name: string;
  kind: ProfileKind;
  baseUrl: string;
  /** Null: no key is sent; local servers may not need one. */
  apiKey: string | null;
  organisation: string | null;
  project: string | null;
  /** The profile's server: its kind's dialect, probe findings and the person's overrides. */
  server: Server;
  apiVersion: string | null;
  deployments: Readonly<Record<string, string>>;
  /** The HTTP proxy for this base URL, with its password, or null. */
  proxy: string | null;
  /** The server doesn't bill. */
  free: boolean;
  concurrency: number;
}

/**
 * Opens settings, profiles and keys. A damaged file is renamed and reported in {@link Preferences.notes}.
 * @throws `disk-unwritable` if the folder can't be created; `unsupported-here` for files of a newer version, which aren't changed
 */
export async function openPreferences(options: PreferencesOptions): Promise<Preferences> {
  await makePrivateFolder(options.folder);
  const settings = await readSettings(options.folder);
  const { secrets, note } = await Secrets.open(options.folder, options.cipher);
  const notes = [settings.note, note].filter((sentence) => sentence !== null);
  return new Preferences(options, settings.content ?? DEFAULT_SETTINGS, secrets, notes);
}

/**
 * Settings, profiles and keys. A change takes effect when it is on disk, before its promise resolves. The desktop and the loopback host
 * share the files: each change locks them and starts from their current content, so the other host's changes become visible with the
 * next change here.
 */
export class Preferences {
  /** Sentences about files that couldn't be used at startup. */
  readonly notes: readonly string[];
  readonly #folder: string;
  readonly #variables: Record<string, string | undefined>;
  readonly #environment: EnvironmentProfile | null;
  readonly #secrets: Secrets;
  readonly #proxy: ProxySettings;
  #settings: SettingsFile;
  #demoActive: boolean;
  /** Serializes changes. */
  readonly #queue = pLimit(1);

  /** Use {@link openPreferences}. */
  constructor(options: PreferencesOptions, settings: SettingsFile, secrets: Secrets, notes: readonly string[]) {
    this.#folder = options.folder;
    this.#demoActive = options.demo;
    this.#variables = options.environment;
    this.#environment = readEnvironment(options.environment);
    this.#settings = settings;
    this.#secrets = secrets;
    this.#proxy = new ProxySettings(secrets, options.environment);
    this.notes = notes;
  }

  get theme(): Theme {
    return this.#settings.theme;
  }

  /** The chosen proxy; its password is masked. */
  get proxy(): Proxy {
    return this.#proxy.masked(this.#settings.proxy);
  }

  /** The proxy from the environment, its password masked; null if none is set. */
  get environmentProxy(): string | null {
    return maskedEnvironmentProxy(this.#variables);
  }

  /** Monthly spending above which the person is asked, in micro-dollars; null: no cap. */
  get monthlyCap(): Micros | null {
    return this.#settings.monthlyCap ?? null;
  }

  /** The person's own prices. */
  get prices(): PriceRow[] {
    const rows = this.#settings.prices ?? [];
    return rows.flatMap((row) => {
      const read = v.safeParse(PriceRowSchema, row);
      return read.success ? [read.output] : [];
    });
  }

  /** The chosen library folder, absolute; null: the host's default. */
  get libraryFolder(): string | null {
    return this.#settings.libraryFolder;
  }

  /**
   * The selected profile: `--demo` first, then the person's choice, then the environment's. Null if none of them is set: saved profiles
   * aren't selected automatically, so an unfinished first run stays one.
   */
  get profileId(): ProfileId | null {
    if (this.#demoActive) return DEMO_PROFILE;
    const chosen = this.#settings.profileId;
    if (chosen !== null && this.#find(chosen)) return chosen;
    return this.#environment ? ENVIRONMENT_PROFILE : null;
  }

  /** All profiles: saved ones in order of creation, the environment's, the demo server. */
  profiles(): Profile[] {
    const profiles = this.#settings.profiles.map((saved) => this.#masked(saved));
    const builtIn = this.#environment ? [buildEnvironmentProfile(this.#environment), DEMO] : [DEMO];
    return [...profiles, ...builtIn.map((profile) => ({ ...profile, found: this.#foundOf(profile) }))];
  }

  /**
   * Changes settings.
   * @throws `not-found` for an unknown profile; `profile-invalid` with field `proxy` for an invalid proxy, without its password in the
   * message; `secrets-unavailable` if the password can't be encrypted
   */
  change({ proxy, ...change }: SettingsChange): Promise<void> {
    return this.#queue(async () => {
      const encrypted = proxy && (await this.#proxy.encryptSecret(proxy));
      return this.#withLock(async () => {
        if (change.profileId) this.#require(change.profileId);
        const given = Object.entries<unknown>(change).filter(([, value]) => value !== undefined);
        // A masked password refers to the proxy that is stored now.
        const kept = encrypted && this.#proxy.prepareChange(encrypted, this.#settings.proxy);
        await this.#write({ ...this.#settings, ...Object.fromEntries(given), ...(kept && { proxy: kept.proxy }) });
        await kept?.keep();
        if (change.profileId !== undefined) this.#demoActive = false;
      });
    });
  }

  /**
   * Stores a probe's report with its profile, unless the profile's URL has changed since.
   * @throws `not-found`
   */
  keepFindings(id: ProfileId, baseUrl: string, found: ProbeReport): Promise<void> {
    return this.#change(async () => {
      const profile = this.#require(id);
      // The demo server's URL changes with every start.
      if (profile.kind !== 'demo' && profile.baseUrl !== baseUrl) return;
      const builtInFindings = { ...this.#settings.builtInFindings, [id]: { baseUrl: profile.baseUrl, report: found } };
      const profiles = this.#settings.profiles.map((saved) => (saved.id === id ? { ...saved, found } : saved));
      await this.#write({ ...this.#settings, ...(profile.kind === 'saved' ? { profiles } : { builtInFindings }) });
    });
  }

  /** Saves the library folder for the next start; null: the host's default. */
  setLibraryFolder(folder: string | null): Promise<void> {
    return this.#change(() => this.#write({ ...this.#settings, libraryFolder: folder }));
  }

  /**
   * Creates a profile (`id` null) or changes a saved one. Its key is removed if the server changes: a key is never sent to a server that
   * it wasn't entered for. The URL is stored first; after a crash before the key is removed, the key belongs to another server than the
   * profile's and is ignored.
   * @throws `profile-invalid` or `not-found`
   */
  saveProfile(draft: ProfileDraft): Promise<Profile> {
    return this.#change(async () => {
      const before = draft.id === null ? undefined : this.#requireSaved(draft.id);
      const saved: SavedProfile = { ...before, ...applyDraft(draft, before), id: before?.id ?? (uuid() as ProfileId) };
      const others = this.#settings.profiles;
      const profiles = before ? others.map((other) => (other === before ? saved : other)) : [...others, saved];
      await this.#write({ ...this.#settings, profiles });
      await this.#secrets.removeKeysOfOtherServers(saved);
      return this.#masked(saved);
    });
  }

  /**
   * Removes a saved profile and its key. Its images stay.
   * @throws `profile-invalid` or `not-found`
   */
  removeProfile(id: ProfileId): Promise<void> {
    return this.#change(async () => {
      const saved = this.#requireSaved(id);
      await this.#secrets.remove(id);
      const profiles = this.#settings.profiles.filter((other) => other !== saved);
      // If the selected profile is removed, the oldest other one is selected.
      const profileId = this.#settings.profileId === id ? (profiles[0]?.id ?? null) : this.#settings.profileId;
      await this.#write({ ...this.#settings, profiles, profileId });
    });
  }

  /**
   * Stores a key for a saved profile, bound to the server that this process knows for it: if the other host has changed the server
   * meanwhile, the key is ignored there.
   * @throws `profile-invalid`, `not-found` or `secrets-unavailable`, without the key in the message
   */
  setKey(id: ProfileId, key: string): Promise<Profile> {
    return this.#queue(async () => {
      const encrypted = await this.#secrets.encryptSecret(this.#requireSaved(id), checkApiKey(key));
      return this.#withLock(async () => {
        const saved = this.#requireSaved(id);
        await this.#secrets.set(id, encrypted);
        return this.#masked(saved);
      });
    });
  }

  removeKey(id: ProfileId): Promise<Profile> {
    return this.#change(async () => {
      const saved = this.#requireSaved(id);
      await this.#secrets.remove(id);
      return this.#masked(saved);
    });
  }

  /**
   * Returns the connection settings of a profile, including the key.
   * @throws `not-found`; `key-missing` if the server requires a key or the stored one can't be decrypted; `profile-invalid` if the
   * environment's variables are invalid
   */
  async connectionOf(id: ProfileId): Promise<ProfileConnection> {
    const profile = this.#require(id);
    const { name, kind, baseUrl, organisation, project, apiVersion, deployments, free, concurrency } = profile;
    if (kind === 'environment' && this.#environment?.fault) throw this.#environment.fault;
    const apiKey = kind === 'environment' ? (this.#environment?.apiKey ?? null) : this.#secrets.keyOf({ id, baseUrl });
    if (kind === 'saved' && apiKey === null) this.#refuseWithoutKey(id, name, baseUrl);
    const server = resolveServer(profile);
    const proxy = kind === 'demo' ? null : this.#proxy.addressFor(baseUrl, this.#settings.proxy);
    const account = { apiKey, organisation, project };
    return { name, kind, baseUrl, ...account, server, apiVersion, deployments, proxy, free, concurrency };
  }

  /** Resolves when all pending changes have finished. */
  async close(): Promise<void> {
    await this.#queue(() => undefined);
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    return this.#queue(() => this.#withLock(change));
  }

  /** Runs a change on the current files while they are locked against other processes. */
  async #withLock<T>(change: () => Promise<T>): Promise<T> {
    // Reloaded before locking too, because decryption may wait for a keychain, and the lock shouldn't be held meanwhile.
    await this.#reload();
    const unlock = await lockFolder(this.#folder, 'settings');
    try {
      await this.#reload();
      return await change();
    } finally {
      await unlock();
    }
  }

  /** Keeps the known settings if the file is missing or damaged; the next change writes them again. */
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
    if (!unreadable && !requiresApiKey(baseUrl)) return;
    const reason = unreadable
      ? `The key of “${name}” can’t be read on this computer.`
      : `The profile “${name}” has no key.`;
    throw new StudioError({ code: 'key-missing', message: notSent(`${reason} Enter the key in Settings.`) });
  }

  #find(id: ProfileId): Profile | undefined {
    return this.profiles().find((profile) => profile.id === id);
  }

  #require(id: ProfileId): Profile {
    const profile = this.#find(id);
    if (profile) return profile;
    throw new StudioError({
      code: 'not-found',
      message: 'This profile no longer exists. Choose another one in Settings.',
    });
  }

  #requireSaved(id: ProfileId): SavedProfile {
    const profile = this.#require(id);
    const saved = this.#settings.profiles.find((other) => other.id === id);
    if (saved) return saved;
    const message = `The profile “${profile.name}” is built in and can’t be changed. Create your own profile instead.`;
    throw new StudioError({ code: 'profile-invalid', message });
  }

  #masked(saved: SavedProfile): Profile {
    const { id, name, baseUrl, organisation, project } = saved;
    const key = this.#secrets.stateOf({ id, baseUrl });
    const keyHint = makeKeyHint(this.#secrets.keyOf({ id, baseUrl }));
    return { id, kind: 'saved', name, baseUrl, organisation, project, key, keyHint, ...resolveServerFields(saved) };
  }

  #foundOf({ id, baseUrl }: Profile): ProbeReport | null {
    const kept = this.#settings.builtInFindings?.[id];
    return kept?.baseUrl === baseUrl ? kept.report : null;
  }
}
