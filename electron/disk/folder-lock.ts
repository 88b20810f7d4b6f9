import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { errorCode } from './error-code.ts';

/** A lock is held for milliseconds, while a small file is written. After this long its holder counts as gone. */
const ABANDONED_MS = 10_000;
const WAIT_MS = 10;
/** Error codes of a rename onto a lock that is held: POSIX codes, and the ones Windows uses. */
const HELD_CODES = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'EBUSY']);

/** Claims this process holds. The process id alone isn't enough: in containers every start may have the same one. */
const ownClaims = new Set<string>();

/**
 * Waits for a lock and resolves with the function that releases it. For short changes of small files shared by several
 * processes.
 *
 * The lock is a folder containing one file, the claim, whose name identifies the holder. It is put in place by one rename,
 * which fails while the target folder isn't empty, so only one of several contenders succeeds. A claim left by a process that
 * has exited is deleted by its own unique name, so a lock that changed hands meanwhile can't be removed by mistake. A claim of
 * another computer, or of a reused process id, is deleted after ten seconds of waiting.
 * @param path of the lock; its parent folder must exist
 * @param abandonedMs after this long, any holder counts as gone
 * @throws the system's error where the lock's folder can't be created
 */
export async function acquireFolderLock(path: string, abandonedMs = ABANDONED_MS): Promise<() => Promise<void>> {
  const claim = `${encodeURIComponent(hostname())}~${process.pid}~${randomUUID()}`;
  const ownFolder = `${path}.${randomUUID()}.tmp`;
  ownClaims.add(claim);
  try {
    await fs.mkdir(ownFolder, { mode: 0o700 });
    await fs.writeFile(join(ownFolder, claim), '', { flag: 'wx', mode: 0o600 });
    await renameWhenFree(ownFolder, path, abandonedMs);
  } catch (thrown) {
    ownClaims.delete(claim);
    await fs.rm(ownFolder, { recursive: true, force: true }).catch(() => undefined);
    throw thrown;
  }
  return async () => {
    ownClaims.delete(claim);
    // A lock that can't be removed isn't the caller's failure; others remove it after ten seconds.
    await fs.unlink(join(path, claim)).catch(() => undefined);
    await fs.rmdir(path).catch(() => undefined);
  };
}

async function renameWhenFree(ownFolder: string, path: string, abandonedMs: number): Promise<void> {
  let before = '';
  let waited = 0;
  for (;;) {
    try {
      await fs.rename(ownFolder, path);
      return;
    } catch (thrown) {
      if (!HELD_CODES.has(errorCode(thrown))) throw thrown;
      const claim = await readClaim(path);
      if (claim !== before) [before, waited] = [claim, 0];
      const abandoned = waited > abandonedMs;
      // An error without a lock: renaming isn't permitted here.
      if (claim === '' && abandoned) throw thrown;
      if (claim !== '' && (abandoned || hasExited(claim))) await fs.rm(join(path, claim), { force: true });
      // Fails if a claim is inside. POSIX renames over an empty folder, Windows doesn't.
      await fs.rmdir(path).catch(() => undefined);
      const pause = WAIT_MS * (0.5 + Math.random());
      await wait(pause);
      // Sum of our own delays: the clock also counts time in which the computer and the lock's holder were asleep.
      waited += pause;
    }
  }
}

/** The current claim's file name; '' if there is none. */
async function readClaim(path: string): Promise<string> {
  try {
    return (await fs.readdir(path))[0] ?? '';
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return ''; // released just now
    throw thrown;
  }
}

/** Whether the claim's process is known to have exited. */
function hasExited(claim: string): boolean {
  const [host = '', pid = ''] = claim.split('~');
  if (host !== encodeURIComponent(hostname()) || !/^[1-9]\d*$/u.test(pid)) return false;
  if (Number(pid) === process.pid) return !ownClaims.has(claim);
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (thrown) {
    return errorCode(thrown) === 'ESRCH'; // EPERM: it runs as another user
  }
}
