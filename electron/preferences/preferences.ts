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
  /** Where `settings.json` and `secrets.json` are; made if it is not there. */
  folder: string;
  /** Null: keys live in memory until the program ends. */
  cipher: Cipher | null;
  /** Read for OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID, OPENAI_PROJECT_ID, OPENAI_API_VERSION, and for proxies. */
  environment: Record<string, string | undefined>;
  /** The program was started with `--demo`: the demo profile is the chosen one for this run, until another is chosen. */
  demo: boolean;
}

/** What a request needs to know of its profile. Main side only: it holds the key, and perhaps a proxy's password. */
export interface ProfileConnection {
  name: string;
  kind: ProfileKind;
  baseUrl: string;
  /** Null: none is sent; a server of one's own may need none. */
  apiKey: string | null;
  organisation: string | null;
  project: string | null;
  /** What is known of the server's kind, what a probe found, what the person says. */
  server: Server;
  apiVersion: string | null;
  deployments: Readonly<Record<string, string>>;
  /** The HTTP proxy for this base URL, with its password, or null. */
  proxy: string | null;
  /** Nothing that is made there is billed. */
  free: boolean;
  concurrency: number;
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
  readonly #variables: Record<string, string | undefined>;
  readonly #environment: EnvironmentProfile | null;
  readonly #secrets: Secrets;
  readonly #proxy: ProxySettings;
  #settings: SettingsFile;
  #demoActive: boolean;
  /** Changes run one after the other: each starts from the result of the one before. */
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

  /** The proxy that the person chose; a password is masked. */
  get proxy(): Proxy {
    return this.#proxy.masked(this.#settings.proxy);
  }

  /** What the environment's variables name, its password masked; null where they name none. */
  get environmentProxy(): string | null {
    return maskedEnvironmentProxy(this.#variables);
  }

  /** What may be spent in a month before the person is asked, in micro-dollars; null: no cap. */
  get monthlyCap(): Micros | null {
    return this.#settings.monthlyCap ?? null;
  }

  /** The person's own rows of the price table. */
  get prices(): PriceRow[] {
    const rows = this.#settings.prices ?? [];
    return rows.flatMap((row) => {
      const read = v.safeParse(PriceRowSchema, row);
      return read.success ? [read.output] : [];
    });
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
    const profiles = this.#settings.profiles.map((saved) => this.#masked(saved));
    const builtIn = this.#environment ? [buildEnvironmentProfile(this.#environment), DEMO] : [DEMO];
    return [...profiles, ...builtIn.map((profile) => ({ ...profile, found: this.#foundOf(profile) }))];
  }

  /**
   * Throws `not-found` for a profile that is not there; `profile-invalid` with field `proxy` for a proxy that cannot be used, without
   * repeating its password; `secrets-unavailable` where that cannot be kept.
   */
  change({ proxy, ...change }: SettingsChange): Promise<void> {
    return this.#queue(async () => {
      const encrypted = proxy && (await this.#proxy.encryptSecret(proxy));
      return this.#inTurn(async () => {
        if (change.profileId) this.#require(change.profileId);
        const given = Object.entries<unknown>(change).filter(([, value]) => value !== undefined);
        // A password that was meant to stay belongs to what is stored now.
        const kept = encrypted && this.#proxy.prepareChange(encrypted, this.#settings.proxy);
        await this.#write({ ...this.#settings, ...Object.fromEntries(given), ...(kept && { proxy: kept.proxy }) });
        await kept?.keep();
        if (change.profileId !== undefined) this.#demoActive = false;
      });
    });
  }

  /** Keeps what a probe found with its profile, unless the profile has another address by now. Throws `not-found`. */
  keepFindings(id: ProfileId, baseUrl: string, found: ProbeReport): Promise<void> {
    return this.#change(async () => {
      const profile = this.#require(id);
      // The demo server has another address each time.
      if (profile.kind !== 'demo' && profile.baseUrl !== baseUrl) return;
      const builtInFindings = { ...this.#settings.builtInFindings, [id]: { baseUrl: profile.baseUrl, report: found } };
      const profiles = this.#settings.profiles.map((saved) => (saved.id === id ? { ...saved, found } : saved));
      await this.#write({ ...this.#settings, ...(profile.kind === 'saved' ? { profiles } : { builtInFindings }) });
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
      const saved: SavedProfile = { ...before, ...applyDraft(draft, before), id: before?.id ?? (uuid() as ProfileId) };
      const others = this.#settings.profiles;
      const profiles = before ? others.map((other) => (other === before ? saved : other)) : [...others, saved];
      await this.#write({ ...this.#settings, profiles });
      await this.#secrets.removeKeysOfOtherServers(saved);
      return this.#masked(saved);
    });
  }

  /** Removes a saved profile and its key. Images made with it stay. Throws `profile-invalid` or `not-found`. */
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
      const encrypted = await this.#secrets.encryptSecret(this.#requireSaved(id), checkApiKey(key));
      return this.#inTurn(async () => {
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
   * Where and as whom to send. Throws `not-found`; `key-missing` where the server is known to want a key, or the kept one cannot be
   * decrypted any more; `profile-invalid` where the environment's variables cannot be used.
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

  /** Resolves when every change that was begun has ended. */
  async close(): Promise<void> {
    await this.#queue(() => undefined);
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    return this.#queue(() => this.#inTurn(change));
  }

  /** Runs a change on what is on disk now, while no other process changes it. */
  async #inTurn<T>(change: () => Promise<T>): Promise<T> {
    // Twice, because the first may wait for a keychain, and nobody should have to wait for that.
    await this.#reload();
    const unlock = await lockFolder(this.#folder, 'settings');
    try {
      await this.#reload();
      return await change();
    } finally {
      await unlock();
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
