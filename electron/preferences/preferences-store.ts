import pLimit from 'p-limit';
import type { ProfileId } from '../contract/entities/ids.ts';
import type { SettingsDamage } from '../contract/entities/settings-damage.ts';
import { lockFolder } from './json-file.ts';
import type { FieldDamage } from './salvage.ts';
import type { Secrets } from './secrets.ts';
import { mergeDamage } from './noted-damage.ts';
import { keepDamagedSettings, readSettings, writeSettings, type SettingsFile } from './settings-file.ts';

/** What reading the files has found, by file. */
export interface FoundDamage {
  settings: readonly FieldDamage[];
  secrets: readonly FieldDamage[];
}

/**
 * The current content of `settings.json` and `secrets.json`, and the only way to change them. The desktop and the loopback host share the
 * files: each change locks them and starts from their current content, so the other host's changes become visible with the next change
 * here. Damage that a reading finds is repaired and noted by the same change.
 */
export class PreferencesStore {
  readonly secrets: Secrets;
  readonly #folder: string;
  #settings: SettingsFile;
  /** Whether the settings in memory are those of a file that was read or written, so that they can replace a damaged field. */
  #opened = false;
  /** Serializes changes. */
  readonly #queue = pLimit(1);

  constructor(folder: string, settings: SettingsFile, secrets: Secrets) {
    this.#folder = folder;
    this.#settings = settings;
    this.secrets = secrets;
  }

  get settings(): SettingsFile {
    return this.#settings;
  }

  /** Runs a change on the current files while they are locked against other processes. */
  change<T>(change: () => Promise<T>): Promise<T> {
    return this.#queue(() => this.#withLock(change));
  }

  /** The same for a change that waits for the keychain first: `prepare` runs before the files are locked. */
  prepareAndChange<Prepared, T>(
    prepare: () => Promise<Prepared>,
    change: (prepared: Prepared) => Promise<T>,
  ): Promise<T> {
    return this.#queue(async () => {
      const prepared = await prepare();
      return this.#withLock(() => change(prepared));
    });
  }

  /** Writes some of the settings. Call it in a change. @throws `disk-full` or `disk-unwritable`; the former settings then stay */
  async write(changed: Partial<SettingsFile>): Promise<void> {
    const settings = { ...this.#settings, ...changed };
    await writeSettings(this.#folder, settings);
    this.#settings = settings;
  }

  /**
   * Keeps copies of damaged files and writes the files again without their damage, with a note of it. If the disk refuses, the note is
   * kept in memory, and the next start finds the damage again.
   */
  async repair(found: FoundDamage): Promise<void> {
    const rows = [...found.settings, ...found.secrets];
    if (rows.length > 0) {
      await this.change(() => Promise.resolve()).catch(() => {
        const noted = rows.map((row) => ({ ...row, copy: null }));
        this.#settings = { ...this.#settings, damage: mergeDamage(this.#settings.damage, noted) };
      });
    }
    this.#opened = true;
  }

  /** Resolves when all pending changes have finished. */
  async close(): Promise<void> {
    await this.#queue(() => undefined);
  }

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
    const secrets = await this.secrets.reload();
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
      const copy = await this.secrets.repair();
      noted.push(...found.secrets.map((row) => ({ ...row, of: this.#nameOf(row.profileId), copy })));
    }
    await this.write({ damage: mergeDamage(this.#settings.damage, noted) });
  }

  #nameOf(id: ProfileId | null): string | null {
    return this.#settings.profiles.find((saved) => saved.id === id)?.name ?? null;
  }
}
