import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import type { ProbeReport } from '../contract/catalogue/servers.ts';
import type { ExtraCertificates } from '../contract/entities/certificates.ts';
import type { ProfileId } from '../contract/entities/ids.ts';
import type { PriceRow } from '../contract/entities/money.ts';
import type { Profile, ProfileDraft } from '../contract/entities/profiles.ts';
import type { MirrorFolder } from '../contract/entities/mirror-folder.ts';
import type { SettingsDamage } from '../contract/entities/settings-damage.ts';
import type { MonthlyCap, Proxy, SettingsChange, Theme } from '../contract/entities/settings.ts';
import { checkApiKey } from './api-key.ts';
import { DEMO_PROFILE, ENVIRONMENT_PROFILE } from './built-in-profiles.ts';
import { describeCertificates, readCertificateFile } from './certificate-file.ts';
import type { Cipher } from './cipher.ts';
import { readEnvironment, type EnvironmentProfile } from './environment-profile.ts';
import { maskedEnvironmentProxy } from './environment-proxy.ts';
import { makePrivateFolder } from './json-file.ts';
import { withoutRepaired } from './noted-damage.ts';
import { PreferencesStore, type FoundDamage } from './preferences-store.ts';
import { resolveConnection, type ProfileConnection } from './profile-connection.ts';
import { applyDraft } from './profile-draft.ts';
import { ProfileList } from './profile-list.ts';
import { ProxySettings } from './proxy-settings.ts';
import type { SavedProfile } from './saved-profile.ts';
import { Secrets } from './secrets.ts';
import {
  DEFAULT_SETTINGS,
  readSettings,
  type AcceptedShare,
  type SettingsFile,
  type WatchedSetting,
} from './settings-file.ts';

export type { Cipher } from './cipher.ts';

/** Older ones are said again. */
const MAX_ACCEPTED_SHARES = 100;

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

/**
 * Opens settings, profiles and keys. What is damaged in the files costs itself alone and is reported in {@link Preferences.damage}.
 * @throws `disk-unwritable` if the folder can't be created; `unsupported-here` for files of a newer version, which aren't changed
 */
export async function openPreferences(options: PreferencesOptions): Promise<Preferences> {
  await makePrivateFolder(options.folder);
  const { secrets, damage } = await Secrets.open(options.folder, options.cipher);
  const settings = await readSettings(options.folder);
  const preferences = new Preferences(options, settings?.content ?? DEFAULT_SETTINGS, secrets);
  await preferences.repair({ settings: settings?.damage ?? [], secrets: damage });
  return preferences;
}

/**
 * Settings, profiles and keys. A change takes effect when it is on disk, before its promise resolves; {@link PreferencesStore} says how two
 * hosts share the files.
 */
export class Preferences {
  readonly #folder: string;
  readonly #variables: Record<string, string | undefined>;
  readonly #environment: EnvironmentProfile | null;
  readonly #store: PreferencesStore;
  readonly #profiles: ProfileList;
  readonly #proxy: ProxySettings;
  #demoActive: boolean;

  /** Use {@link openPreferences}. */
  constructor(options: PreferencesOptions, settings: SettingsFile, secrets: Secrets) {
    this.#folder = options.folder;
    this.#demoActive = options.demo;
    this.#variables = options.environment;
    this.#environment = readEnvironment(options.environment);
    this.#store = new PreferencesStore(options.folder, settings, secrets);
    this.#profiles = new ProfileList(this.#store, this.#environment);
    this.#proxy = new ProxySettings(secrets, options.environment);
  }

  get #settings(): SettingsFile {
    return this.#store.settings;
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

  get monthlyCap(): MonthlyCap {
    return this.#settings.monthlyCap ?? null;
  }

  get stripMetadata(): boolean {
    return this.#settings.stripMetadata ?? true;
  }

  /** What couldn't be read and was replaced, until it is dismissed. Each `copy` is an absolute path. */
  get damage(): SettingsDamage[] {
    const rows = this.#settings.damage ?? [];
    return rows.map((row) => ({ ...row, copy: row.copy && join(this.#folder, row.copy) }));
  }

  /** The person's own prices. */
  get prices(): PriceRow[] {
    return this.#settings.prices ?? [];
  }

  /** The extra certificates, for the screen; null: none. */
  get certificates(): ExtraCertificates | null {
    const { certificates } = this.#settings;
    return certificates ? describeCertificates(certificates, Date.now()) : null;
  }

  /** The same in PEM, for connections. */
  get trustedPem(): readonly string[] {
    return this.#settings.certificates?.pem ?? [];
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
    if (chosen !== null && this.#profiles.find(chosen)) return chosen;
    return this.#environment ? ENVIRONMENT_PROFILE : null;
  }

  /** All profiles: saved ones in order of creation, the environment's, the demo server. */
  profiles(): Profile[] {
    return this.#profiles.all();
  }

  /**
   * Changes settings.
   * @throws `not-found` for an unknown profile; `profile-invalid` with field `proxy` for an invalid proxy, without its password in the
   * message; `secrets-unavailable` if the password can't be encrypted
   */
  change({ proxy, ...change }: SettingsChange): Promise<void> {
    const encrypt = async () => proxy && (await this.#proxy.encryptSecret(proxy));
    return this.#store.prepareAndChange(encrypt, async (encrypted) => {
      if (change.profileId) this.#profiles.require(change.profileId);
      const given = Object.entries<unknown>(change).filter(([, value]) => value !== undefined);
      // A masked password refers to the proxy that is stored now.
      const kept = encrypted && this.#proxy.prepareChange(encrypted, this.#settings.proxy);
      const fields = new Set<string>([...given.map(([name]) => name), ...(kept ? ['proxy'] : [])]);
      const damage = withoutRepaired(this.#settings.damage, ({ field }) => fields.has(field));
      await this.#store.write({ ...Object.fromEntries(given), ...(kept && { proxy: kept.proxy }), damage });
      await kept?.keep();
      if (change.profileId !== undefined) this.#demoActive = false;
    });
  }

  /** Trusts the certificates of a file instead of those of an earlier one; null: of none. @throws `profile-invalid` */
  async setCertificates(file: { name: string; bytes: Buffer } | null): Promise<void> {
    const certificates = file ? readCertificateFile(file.name, file.bytes) : undefined;
    await this.#store.change(() => {
      const damage = withoutRepaired(this.#settings.damage, ({ field }) => field === 'certificates');
      return this.#store.write({ certificates, damage });
    });
  }

  /** Stops reporting {@link damage}. A damaged cap stays unknown until it is set. */
  dismissDamage(): Promise<void> {
    return this.#store.change(async () => {
      if (this.#settings.damage) await this.#store.write({ damage: undefined });
    });
  }

  /** Repairs and notes what {@link openPreferences} found damaged. */
  repair(found: FoundDamage): Promise<void> {
    return this.#store.repair(found);
  }

  /**
   * Stores a probe's report with its profile, unless the profile's URL has changed since.
   * @throws `not-found`
   */
  keepFindings(id: ProfileId, baseUrl: string, found: ProbeReport): Promise<void> {
    return this.#store.change(async () => {
      const profile = this.#profiles.require(id);
      // The demo server's URL changes with every start.
      if (profile.kind !== 'demo' && profile.baseUrl !== baseUrl) return;
      const builtInFindings = { ...this.#settings.builtInFindings, [id]: { baseUrl: profile.baseUrl, report: found } };
      const profiles = this.#settings.profiles.map((saved) => (saved.id === id ? { ...saved, found } : saved));
      await this.#store.write(profile.kind === 'saved' ? { profiles } : { builtInFindings });
    });
  }

  /** The watched folder and up to when its files were looked at; null for none. */
  get watched(): WatchedSetting | null {
    return this.#settings.watched ?? null;
  }

  setWatched(watched: WatchedSetting | null): Promise<void> {
    return this.#store.change(() => this.#store.write({ watched: watched ?? undefined }));
  }

  /** The folder to which images are copied; null for none. */
  get mirror(): MirrorFolder | null {
    return this.#settings.mirror ?? null;
  }

  setMirror(mirror: MirrorFolder | null): Promise<void> {
    return this.#store.change(() => this.#store.write({ mirror: mirror ?? undefined }));
  }

  /** Whether the person has read that a library's folder is shared in this way. */
  hasAcceptedShare({ folder, shared }: AcceptedShare): boolean {
    return (this.#settings.acceptedShares ?? []).some((one) => one.folder === folder && one.shared === shared);
  }

  /** The person has read it: it isn't said again at each start. */
  acceptShare(share: AcceptedShare): Promise<void> {
    return this.#store.change(() => {
      const others = (this.#settings.acceptedShares ?? []).filter(({ folder }) => folder !== share.folder);
      return this.#store.write({ acceptedShares: [...others, share].slice(-MAX_ACCEPTED_SHARES) });
    });
  }

  /** Saves the library folder for the next start; null: the host's default. */
  setLibraryFolder(folder: string | null): Promise<void> {
    return this.#store.change(() => this.#store.write({ libraryFolder: folder }));
  }

  /**
   * Creates a profile (`id` null) or changes a saved one. Its key is removed if the server changes: a key is never sent to a server that
   * it wasn't entered for. The URL is stored first; after a crash before the key is removed, the key belongs to another server than the
   * profile's and is ignored.
   * @throws `profile-invalid` or `not-found`
   */
  saveProfile(draft: ProfileDraft): Promise<Profile> {
    return this.#store.change(async () => {
      const before = draft.id === null ? undefined : this.#profiles.requireSaved(draft.id);
      const saved: SavedProfile = { ...before, ...applyDraft(draft, before), id: before?.id ?? (uuid() as ProfileId) };
      const others = this.#settings.profiles;
      const profiles = before ? others.map((other) => (other === before ? saved : other)) : [...others, saved];
      const damage = withoutRepaired(
        this.#settings.damage,
        ({ profileId, field }) => profileId === saved.id && field !== 'key',
      );
      await this.#store.write({ profiles, damage });
      await this.#store.secrets.removeKeysOfOtherServers(saved);
      return this.#profiles.masked(saved);
    });
  }

  /**
   * Removes a saved profile and its key. Its images stay.
   * @throws `profile-invalid` or `not-found`
   */
  removeProfile(id: ProfileId): Promise<void> {
    return this.#store.change(async () => {
      const saved = this.#profiles.requireSaved(id);
      await this.#store.secrets.remove(id);
      const profiles = this.#settings.profiles.filter((other) => other !== saved);
      // If the selected profile is removed, the oldest other one is selected.
      const profileId = this.#settings.profileId === id ? (profiles[0]?.id ?? null) : this.#settings.profileId;
      const damage = withoutRepaired(this.#settings.damage, (row) => row.profileId === id);
      await this.#store.write({ profiles, profileId, damage });
    });
  }

  /**
   * Stores a key for a saved profile, bound to the server that this process knows for it: if the other host has changed the server
   * meanwhile, the key is ignored there.
   * @throws `profile-invalid`, `not-found` or `secrets-unavailable`, without the key in the message
   */
  setKey(id: ProfileId, key: string): Promise<Profile> {
    const encrypt = async () => this.#store.secrets.encryptSecret(this.#profiles.requireSaved(id), checkApiKey(key));
    return this.#store.prepareAndChange(encrypt, async (encrypted) => {
      const saved = this.#profiles.requireSaved(id);
      await this.#store.secrets.set(id, encrypted);
      return this.#profiles.masked(saved);
    });
  }

  removeKey(id: ProfileId): Promise<Profile> {
    return this.#store.change(async () => {
      const saved = this.#profiles.requireSaved(id);
      await this.#store.secrets.remove(id);
      return this.#profiles.masked(saved);
    });
  }

  /**
   * Returns the connection settings of a profile, including the key.
   * @throws `not-found`, and like {@link resolveConnection}
   */
  async connectionOf(id: ProfileId): Promise<ProfileConnection> {
    const { settings, secrets } = this.#store;
    const sources = { settings, secrets, environment: this.#environment, proxy: this.#proxy };
    return resolveConnection(this.#profiles.require(id), sources);
  }

  /** Resolves when all pending changes have finished. */
  async close(): Promise<void> {
    await this.#store.close();
  }
}
