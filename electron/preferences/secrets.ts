import { join } from 'node:path';
import * as v from 'valibot';
import { ProfileIdSchema } from '../contract/entities/ids.ts';
import type { KeyState } from '../contract/entities/profiles.ts';
import { StudioError } from '../contract/errors/errors.ts';
import type { Cipher } from './cipher.ts';
import { keepDamagedCopy, readJsonFile, writeJsonFile } from './json-file.ts';
import type { ParsedJson } from './parse-json.ts';
import { isFields, writableFields, type FieldDamage } from './salvage.ts';

const VERSION = 1;
const NAME = 'keys';

/** An encrypted key in base64, and the server that it was entered for: the URL's origin, with the user for a proxy. */
const EncryptedKeySchema = v.looseObject({
  ciphertext: v.pipe(v.string(), v.maxLength(100_000), v.regex(/^[A-Za-z0-9+/]+={0,2}$/u)),
  origin: v.string(),
});
type EncryptedKey = v.InferOutput<typeof EncryptedKeySchema>;

/** `secrets.json`, readable by its owner only: encrypted keys by profile. Contains no plain key or part of one. */
interface SecretsFile {
  version: typeof VERSION;
  keys: Record<string, EncryptedKey>;
  [later: string]: unknown;
}
const NO_SECRETS: SecretsFile = { version: VERSION, keys: {} };

interface Key {
  text: string;
  origin: string;
  state: Extract<KeyState, 'encrypted' | 'session'>;
}

/** A profile and its server. A stored key for another server is ignored. */
export interface KeyOwner {
  id: string;
  baseUrl: string;
}

/** A new key; already encrypted if there is a cipher, so that the keychain isn't awaited while the files are locked. */
export interface NewKey {
  text: string;
  origin: string;
  ciphertext: string | null;
}

/**
 * The keys of saved profiles. Each is bound to the server it was entered for, so a crash, another host or a partial change can't send it
 * elsewhere. With a cipher they are stored on disk, otherwise in memory until the program ends. Ciphertexts that can't be decrypted
 * (another keychain, no cipher) stay in the file until replaced or removed.
 */
export class Secrets {
  readonly #folder: string;
  readonly #cipher: Cipher | null;
  #file: SecretsFile = NO_SECRETS;
  readonly #keys = new Map<string, Key>();

  private constructor(folder: string, cipher: Cipher | null) {
    this.#folder = folder;
    this.#cipher = cipher;
  }

  /** Reads the file and decrypts what this cipher can. @throws like {@link readJsonFile} */
  static async open(folder: string, cipher: Cipher | null): Promise<{ secrets: Secrets; damage: FieldDamage[] }> {
    const secrets = new Secrets(folder, cipher);
    return { secrets, damage: await secrets.reload() };
  }

  /**
   * Loads changes of other processes; decrypts only new entries. Resolves to what was damaged: an entry costs its own key only, and if
   * nothing can be read the known keys stay in use.
   * @throws like {@link readJsonFile}
   */
  async reload(): Promise<FieldDamage[]> {
    const read = await this.#read();
    // A deleted file counts as intended: keys in memory aren't written back.
    const file = read === null ? NO_SECRETS : (read.content ?? this.#file);
    for (const [id, key] of this.#keys)
      if (key.state === 'encrypted' && !isSame(file.keys[id], this.#file.keys[id])) this.#keys.delete(id);
    const fresh = Object.entries(file.keys).filter(([id, encrypted]) => !isSame(encrypted, this.#file.keys[id]));
    this.#file = file;
    for (const [id, { ciphertext, origin }] of fresh) {
      const text = this.#cipher && (await decrypt(this.#cipher, ciphertext));
      if (text) this.#keys.set(id, { text, origin, state: 'encrypted' });
    }
    return read?.damage ?? [];
  }

  /**
   * Keeps a copy of the damaged file, writes it again without the damage, and returns the copy's name.
   * @throws `disk-full` or `disk-unwritable`
   */
  async repair(): Promise<string> {
    const copy = await keepDamagedCopy(join(this.#folder, 'secrets.json'), NAME);
    await this.#write(this.#file);
    return copy;
  }

  keyOf(owner: KeyOwner): string | null {
    return this.#find(owner)?.text ?? null;
  }

  stateOf(owner: KeyOwner): KeyState {
    return this.#find(owner)?.state ?? 'none';
  }

  /** Whether a ciphertext exists that this cipher can't decrypt. */
  isUnreadable({ id, baseUrl }: KeyOwner): boolean {
    return !this.#keys.has(id) && this.#file.keys[id]?.origin === originOf(baseUrl);
  }

  /** Prepares a key for {@link set}, bound to its profile's current server. @throws `secrets-unavailable` */
  async encryptSecret({ baseUrl }: KeyOwner, text: string): Promise<NewKey> {
    return { text, origin: originOf(baseUrl), ciphertext: this.#cipher && (await encrypt(this.#cipher, text)) };
  }

  /** Stores a key. @throws `disk-full` or `disk-unwritable`; the former key then stays in use */
  async set(id: string, { text, origin, ciphertext }: NewKey): Promise<void> {
    if (ciphertext === null) {
      this.#keys.set(id, { text, origin, state: 'session' });
      return;
    }
    await this.#write({ ...this.#file, keys: { ...this.#file.keys, [id]: { ciphertext, origin } } });
    this.#keys.set(id, { text, origin, state: 'encrypted' });
  }

  /** Removes a key from memory and disk, also one that can't be decrypted. */
  async remove(id: string): Promise<void> {
    if (Object.hasOwn(this.#file.keys, id)) {
      const keys = Object.fromEntries(Object.entries(this.#file.keys).filter(([other]) => other !== id));
      await this.#write({ ...this.#file, keys });
    }
    this.#keys.delete(id);
  }

  /** Removes a key that was entered for another server than the profile's current one. */
  async removeKeysOfOtherServers({ id, baseUrl }: KeyOwner): Promise<void> {
    const origin = originOf(baseUrl);
    const kept = [this.#keys.get(id), this.#file.keys[id]];
    if (kept.some((key) => key && key.origin !== origin)) await this.remove(id);
  }

  #find({ id, baseUrl }: KeyOwner): Key | undefined {
    const key = this.#keys.get(id);
    return key?.origin === originOf(baseUrl) ? key : undefined;
  }

  #read(): Promise<ReadSecrets | null> {
    const path = join(this.#folder, 'secrets.json');
    return readJsonFile({ path, version: VERSION, name: NAME, read: salvageSecrets });
  }

  async #write(file: SecretsFile): Promise<void> {
    await writeJsonFile(join(this.#folder, 'secrets.json'), file, NAME);
    this.#file = file;
  }
}

/** `content`: null if nothing could be read. */
interface ReadSecrets {
  content: SecretsFile | null;
  damage: FieldDamage[];
}

/** Reads the keys entry by entry. */
function salvageSecrets({ json, broken }: ParsedJson): ReadSecrets {
  const damage: FieldDamage[] = [];
  if (broken || !isFields(json) || !isFields(json.keys) || json.version !== VERSION)
    damage.push({ field: 'keys', of: null, profileId: null });
  if (!isFields(json) || !isFields(json.keys)) return { content: null, damage };
  const keys = Object.entries(json.keys).flatMap(([id, entry]) => {
    const read = v.safeParse(EncryptedKeySchema, entry);
    if (read.success) return [[id, read.output] as const];
    const profileId = v.safeParse(ProfileIdSchema, id);
    damage.push({ field: 'key', of: null, profileId: profileId.success ? profileId.output : null });
    return [];
  });
  return { content: { ...writableFields(json), version: VERSION, keys: Object.fromEntries(keys) }, damage };
}

/** Identifies a server: scheme, host and port, and the user for a proxy. The path doesn't matter. */
function originOf(baseUrl: string): string {
  const url = URL.parse(baseUrl);
  if (!url) return baseUrl;
  return url.username === '' ? url.origin : `${url.protocol}//${url.username}@${url.host}`;
}

function isSame(one: EncryptedKey | undefined, other: EncryptedKey | undefined): boolean {
  return one?.ciphertext === other?.ciphertext && one?.origin === other?.origin;
}

async function encrypt(cipher: Cipher, key: string): Promise<string> {
  try {
    return Buffer.from(await cipher.encrypt(key)).toString('base64');
  } catch (cause) {
    const message = 'The system’s keychain refused the key, so it wasn’t saved. Unlock the keychain and try again.';
    throw new StudioError({ code: 'secrets-unavailable', message }, { cause });
  }
}

/** Null if the ciphertext belongs to another keychain; the person must then enter the key again. */
async function decrypt(cipher: Cipher, ciphertext: string): Promise<string | null> {
  try {
    return await cipher.decrypt(Buffer.from(ciphertext, 'base64'));
  } catch {
    return null;
  }
}
