import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../contract/errors/errors.ts';
import { createFolder, renameNew, syncFolder, writeNewFile } from '../disk/durable-file.ts';

/** Authenticates our page. `session`: header of calls and events. `images`: part of image URLs, where no header can be sent. */
export interface Tokens {
  session: string;
  images: string;
}

/**
 * Loads the tokens, or creates them at the first start: 32 random bytes each. They are stored, readable by their owner only, so that
 * open tabs keep working after a restart. The cost: a leaked token is valid until the file is deleted, so tokens never appear in command
 * lines (see `redirect-page.ts`) or logs, and the session token never in request URLs.
 * @throws `disk-unwritable`
 */
export async function loadOrCreateTokens(folder: string): Promise<Tokens> {
  const path = join(folder, 'browser-tokens.json');
  try {
    const kept = await readTokens(path);
    if (kept) return kept;
    await createFolder(folder, 0o700);
    if (kept === undefined) await rm(path);
    const temp = `${path}.${randomToken().slice(0, 8)}.tmp`;
    const tokens = { session: randomToken(), images: randomToken() };
    await writeNewFile(temp, JSON.stringify(tokens), 0o600);
    // If two hosts start concurrently, both use the first one's.
    if (!(await renameNew(temp, path))) await rm(temp, { force: true });
    await syncFolder(folder);
    return (await readTokens(path)) ?? tokens;
  } catch (cause) {
    const message = `The folder for settings, ${folder}, can’t be used. Make it readable and writable, then start again.`;
    throw new StudioError({ code: 'disk-unwritable', message }, { cause });
  }
}

/** Null if there is no file, undefined if it's invalid. */
async function readTokens(path: string): Promise<Tokens | null | undefined> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  const kept = parseTokens(text);
  if (kept && process.platform !== 'win32') await chmod(path, 0o600);
  return kept;
}

/** Undefined if the text isn't two tokens; they are then created again. */
function parseTokens(text: string): Tokens | undefined {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { session, images } = (kept ?? {}) as Record<string, unknown>;
  return isToken(session) && isToken(images) ? { session, images } : undefined;
}

function isToken(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z0-9_-]{43}$/u.test(text);
}

/** Compares in constant time. */
export function tokensEqual(given: string | undefined, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(expected));
}

function randomToken(): string {
  return randomBytes(32).toString('base64url');
}
