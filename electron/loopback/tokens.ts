import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { StudioError } from '../contract/errors.ts';

/** What proves that a page is ours. `session` is for calls and events; `pictures` stands in the addresses of pictures, where a header cannot. */
export interface Tokens {
  session: string;
  pictures: string;
}

const token = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u));
const TokensSchema = v.object({ session: token, pictures: token });

/**
 * The tokens of this person's studio, made at the first start: 32 random bytes each. They are kept, readable by their owner only,
 * so that an open tab goes on after a restart. Throws `disk-unwritable`.
 */
export async function keepTokens(folder: string): Promise<Tokens> {
  const path = join(folder, 'browser-tokens.json');
  try {
    const kept = v.safeParse(TokensSchema, JSON.parse(await readFile(path, 'utf8').catch(() => 'null')));
    if (kept.success) {
      if (process.platform !== 'win32') await chmod(path, 0o600);
      return kept.output;
    }
  } catch {
    // Not JSON: worth nothing, new ones take its place.
  }
  const tokens = { session: randomToken(), pictures: randomToken() };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const temp = `${path}.${randomToken().slice(0, 8)}.tmp`;
    await writeFile(temp, JSON.stringify(tokens), { mode: 0o600, flag: 'wx' });
    await rename(temp, path);
  } catch (cause) {
    const message = `The folder for settings, ${folder}, cannot be written. Give yourself the right to write there, then start again.`;
    throw new StudioError({ code: 'disk-unwritable', message }, { cause });
  }
  return tokens;
}

/** Compares in a time that tells nothing about where two texts differ. */
export function sameToken(given: string | undefined, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(expected));
}

function randomToken(): string {
  return randomBytes(32).toString('base64url');
}
