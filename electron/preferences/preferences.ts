import { join } from 'node:path';
import pLimit from 'p-limit';
import { v7 as uuid } from 'uuid';
import type { ProfileId } from '../contract/entities/ids.ts';
import type { Profile, ProfileDraft, ProfileKind } from '../contract/entities/profiles.ts';
import type { ExtraCertificates } from '../contract/entities/certificates.ts';
import type { MonthlyCap, Proxy, SettingsChange, Theme } from '../contract/entities/settings.ts';
import { DECISIVE_FIELDS, type SettingsDamage } from '../contract/entities/settings-damage.ts';
import { StudioError } from '../contract/errors/errors.ts';
import { notSent } from '../contract/errors/messages.ts';
import type { PriceRow } from '../contract/entities/money.ts';
import { resolveServer, type ProbeReport, type Server } from '../contract/catalogue/servers.ts';
import { checkApiKey, makeKeyHint } from './api-key.ts';
import { requiresApiKey } from './base-url.ts';
import { DEMO, DEMO_PROFILE, buildEnvironmentProfile, ENVIRONMENT_PROFILE } from './built-in-profiles.ts';
import { describeCertificates, readCertificateFile } from './certificate-file.ts';
import { ProxySettings } from './proxy-settings.ts';
import type { Cipher } from './cipher.ts';
import { readEnvironment, type EnvironmentProfile } from './environment-profile.ts';
import { maskedEnvironmentProxy } from './environment-proxy.ts';
import { makePrivateFolder, lockFolder } from './json-file.ts';
import { applyDraft, resolveServerFields } from './profile-draft.ts';
import { Secrets } from './secrets.ts';
import type { FieldDamage } from './salvage.ts';
import type { SavedProfile } from './saved-profile.ts';
import {
  DEFAULT_SETTINGS,
  keepDamagedSettings,
  readSettings,
  writeSettings,
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

/** What a file's reading has found, by file. */
interface FoundDamage {
  settings: readonly FieldDamage[];
  secrets: readonly FieldDamage[];
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
 * Settings, profiles and keys. A change takes effect when it is on disk, before its promise resolves. The desktop and the loopback host
 * share the files: each change locks them and starts from their current content, so the other host's changes become visible with the
 * next change here.
 */
export class Preferences {
  readonly #folder: string;
  readonly #variables: Record<string, string | undefined>;
  readonly #environment: EnvironmentProfile | null;
  readonly #secrets: Secrets;
  readonly #proxy: ProxySettings;
  #settings: SettingsFile;
  #demoActive: boolean;
  /** Whether the settings in memory are those of a file that was read or written, so that they can replace a damaged field. */
  #opened = false;
  /** Serializes changes. */
  readonly #queue = pLimit(1);

  /** Use {@link openPreferences}. */
  constructor(options: PreferencesOptions, settings: SettingsFile, secrets: Secrets) {
    this.#folder = options.folder;
    this.#demoActive = options.demo;
    this.#variables = options.environment;
    this.#environment = readEnvironment(options.environment);
    this.#settings = settings;
    this.#secrets = secrets;
    this.#proxy = new ProxySettings(secrets, options.environment);
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
        const fields = new Set<string>([...given.map(([name]) => name), ...(kept ? ['proxy'] : [])]);
        const damage = this.#damageWithout(({ field }) => fields.has(field));
        const changed = { ...Object.fromEntries(given), ...(kept && { proxy: kept.proxy }), damage };
        await this.#write({ ...this.#settings, ...changed });
        await kept?.keep();
        if (change.profileId !== undefined) this.#demoActive = false;
      });
    });
  }

  /** Trusts the certificates of a file instead of those of an earlier one; null: of none. @throws `profile-invalid` */
  async setCertificates(file: { name: string; bytes: Buffer } | null): Promise<void> {
    const certificates = file ? readCertificateFile(file.name, file.bytes) : undefined;
    await this.#change(() => {
      const damage = this.#damageWithout(({ field }) => field === 'certificates');
      return this.#write({ ...this.#settings, certificates, damage });
    });
  }

  /** Stops reporting {@link damage}. A damaged cap stays unknown until it is set. */
  dismissDamage(): Promise<void> {
    return this.#change(async () => {
      if (this.#settings.damage) await this.#write({ ...this.#settings, damage: undefined });
    });
  }

  /**
   * Keeps copies of damaged files and writes the files again without their damage, with a note of it. If the disk refuses, the note is
   * kept in memory, and the next start finds the damage again.
   */
  async repair(found: FoundDamage): Promise<void> {
    const rows = [...found.settings, ...found.secrets];
    if (rows.length > 0) {
      await this.#change(() => Promise.resolve()).catch(() => {
        const noted = rows.map((row) => ({ ...row, copy: null }));
        this.#settings = { ...this.#settings, damage: mergeDamage(this.#settings.damage, noted) };
      });
    }
    this.#opened = true;
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
      const damage = this.#damageWithout(({ profileId, field }) => profileId === saved.id && field !== 'key');
      await this.#write({ ...this.#settings, profiles, damage });
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
      const damage = this.#damageWithout((row) => row.profileId === id);
      await this.#write({ ...this.#settings, profiles, profileId, damage });
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
    if (kind === 'saved') this.#refuseDamaged(profile);
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
      await this.#repairFiles(await this.#reload());
      return await change();
    } finally {
      await unlock();
    }
  }

  /** Keeps the known settings if the file is missing or nothing in it can be read; the next change writes them again. */
  async #reload(): Promise<FoundDamage> {
    const secrets = await this.#secrets.reload();
    const settings = await readSettings(this.#folder, this.#opened ? this.#settings : null);
    this.#settings = settings?.content ?? this.#settings;
    return { settings: settings?.damage ?? [], secrets };
  }

  async #repairFiles(found: FoundDamage): Promise<void> {
    if (found.settings.length + found.secrets.length === 0) return;
    const noted: SettingsDamage[] = [];
    if (found.settings.length > 0) {
      const copy = await keepDamagedSettings(this.#folder);
      noted.push(...found.settings.map((row) => ({ ...row, copy })));
    }
    if (found.secrets.length > 0) {
      const copy = await this.#secrets.repair();
      noted.push(...found.secrets.map((row) => ({ ...row, of: this.#nameOf(row.profileId), copy })));
    }
    await this.#write({ ...this.#settings, damage: mergeDamage(this.#settings.damage, noted) });
  }

  /** The noted damage without rows that a change has made good. */
  #damageWithout(isRepaired: (row: SettingsDamage) => boolean): SettingsDamage[] | undefined {
    const rest = (this.#settings.damage ?? []).filter((row) => !isRepaired(row));
    return rest.length > 0 ? rest : undefined;
  }

  #nameOf(id: ProfileId | null): string | null {
    return this.#settings.profiles.find((saved) => saved.id === id)?.name ?? null;
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

  /** A lost organisation or project isn't replaced by none: another account would pay. */
  #refuseDamaged({ id, name, baseUrl }: Profile): void {
    const rows = this.#settings.damage ?? [];
    const isDamaged = rows.some(({ field, profileId }) => profileId === id && DECISIVE_FIELDS.has(field));
    if (!isDamaged && baseUrl !== '') return;
    const message = notSent(`Part of the profile “${name}” was damaged. Check it in Settings and save it.`);
    throw new StudioError({ code: 'profile-invalid', message });
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

/** Damage that was noted earlier, and new damage; the same field of the same profile once. */
function mergeDamage(earlier: readonly SettingsDamage[] = [], found: readonly SettingsDamage[]): SettingsDamage[] {
  const isSame = (one: SettingsDamage, other: SettingsDamage): boolean =>
    one.field === other.field && one.profileId === other.profileId && one.of === other.of;
  return [...earlier.filter((row) => !found.some((other) => isSame(row, other))), ...found];
}
