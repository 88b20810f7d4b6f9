import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../contract/errors.ts';

/** What proves that a page is ours. `session` is for calls and events; `pictures` stands in the addresses of pictures, where a header cannot. */
export interface Tokens {
  session: string;
  pictures: string;
}

/**
 * The tokens of this person's studio, made at the first start: 32 random bytes each. They are kept, readable by their owner only,
 * so that an open tab goes on after a restart. Throws `disk-unwritable`.
 */
export async function keepTokens(folder: string): Promise<Tokens> {
  const path = join(folder, 'browser-tokens.json');
  const kept = parseTokens(await readFile(path, 'utf8').catch(() => ''));
  if (kept) {
    if (process.platform !== 'win32') await chmod(path, 0o600);
    return kept;
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

/** Null for anything that is not two tokens: new ones then take its place. */
function parseTokens(text: string): Tokens | null {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return null;
  }
  const { session, pictures } = (kept ?? {}) as Record<string, unknown>;
  return isToken(session) && isToken(pictures) ? { session, pictures } : null;
}

function isToken(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z0-9_-]{43}$/u.test(text);
}

/** Compares in a time that tells nothing about where two texts differ. */
export function sameToken(given: string | undefined, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(expected));
}

function randomToken(): string {
  return randomBytes(32).toString('base64url');
}
