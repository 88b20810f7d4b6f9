import { join } from 'node:path';
import * as v from 'valibot';
import type { KeyState, ProfileId } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { Cipher } from './cipher.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

const VERSION = 1;
const NAME = 'keys';

/** `secrets.json`, readable by its owner only: base64 of what the cipher made of each key, by profile. Never a key, nor part of one. */
const SecretsFileSchema = v.looseObject({ version: v.literal(VERSION), keys: v.record(v.string(), v.string()) });
type SecretsFile = v.InferOutput<typeof SecretsFileSchema>;

interface Key {
  text: string;
  state: Extract<KeyState, 'encrypted' | 'session'>;
}

/**
 * The keys of saved profiles. With a cipher they are kept on disk, without one in memory until the program ends. Ciphertexts that
 * this cipher cannot read (another keychain, or no cipher at all) stay in the file until they are replaced or removed.
 */
export class Secrets {
  readonly #folder: string;
  readonly #cipher: Cipher | null;
  #file: SecretsFile;
  readonly #keys: Map<string, Key>;

  private constructor(folder: string, cipher: Cipher | null, file: SecretsFile, keys: Map<string, Key>) {
    this.#folder = folder;
    this.#cipher = cipher;
    this.#file = file;
    this.#keys = keys;
  }

  /** Reads the file and decrypts what this cipher can. Throws like {@link readJsonFile}. */
  static async open(folder: string, cipher: Cipher | null): Promise<{ secrets: Secrets; note: string | null }> {
    const { content, note } = await readJsonFile({
      path: join(folder, 'secrets.json'),
      schema: SecretsFileSchema,
      version: VERSION,
      defaults: { version: VERSION, keys: {} },
      name: NAME,
    });
    const keys = new Map<string, Key>();
    for (const [id, ciphertext] of Object.entries(content.keys)) {
      const text = cipher && (await decrypt(cipher, ciphertext));
      if (text) keys.set(id, { text, state: 'encrypted' });
    }
    return { secrets: new Secrets(folder, cipher, content, keys), note };
  }

  keyOf(id: ProfileId): string | null {
    return this.#keys.get(id)?.text ?? null;
  }

  stateOf(id: ProfileId): KeyState {
    return this.#keys.get(id)?.state ?? 'none';
  }

  /** There is a ciphertext of it, and this cipher cannot read it. */
  isUnreadable(id: ProfileId): boolean {
    return !this.#keys.has(id) && Object.hasOwn(this.#file.keys, id);
  }

  /** Keeps a key. Throws `secrets-unavailable`, `disk-full` or `disk-unwritable`; the former key then still is the one in use. */
  async set(id: ProfileId, key: string): Promise<void> {
    if (this.#cipher === null) {
      this.#keys.set(id, { text: key, state: 'session' });
      return;
    }
    const ciphertext = await encrypt(this.#cipher, key);
    await this.#write({ ...this.#file, keys: { ...this.#file.keys, [id]: ciphertext } });
    this.#keys.set(id, { text: key, state: 'encrypted' });
  }

  /** Forgets a key in memory and on disk, one that cannot be decrypted too. */
  async remove(id: ProfileId): Promise<void> {
    if (Object.hasOwn(this.#file.keys, id)) {
      const keys = Object.fromEntries(Object.entries(this.#file.keys).filter(([other]) => other !== id));
      await this.#write({ ...this.#file, keys });
    }
    this.#keys.delete(id);
  }

  async #write(file: SecretsFile): Promise<void> {
    await writeJsonFile(join(this.#folder, 'secrets.json'), file, NAME);
    this.#file = file;
  }
}

async function encrypt(cipher: Cipher, key: string): Promise<string> {
  try {
    return Buffer.from(await cipher.encrypt(key)).toString('base64');
  } catch (cause) {
    const message =
      "The system's keychain did not take the key, so it was not saved. Unlock the keychain and try again.";
    throw new StudioError({ code: 'secrets-unavailable', message }, { cause });
  }
}

/** Null where the ciphertext belongs to another keychain: the profile then asks for its key again. */
async function decrypt(cipher: Cipher, ciphertext: string): Promise<string | null> {
  try {
    return await cipher.decrypt(Buffer.from(ciphertext, 'base64'));
  } catch {
    return null;
  }
}
