import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { errorCode } from './error-code.ts';

/** A lock is held for the milliseconds that a small file takes. Who has not let go after this long never will. */
const ABANDONED_MS = 10_000;
const WAIT_MS = 10;
/** What a rename says when a lock is there: by POSIX, and by Windows, which has no word for it. */
const HELD_CODES = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'EBUSY']);

/** Claims of this process that hold. Its process id alone says nothing: in a container every start has the same. */
const ownClaims = new Set<string>();

/**
 * Waits until this lock is ours, and gives what lets go of it. For short changes of small files that several processes share.
 *
 * The lock is a folder with one file in it, the claim, whose name says who holds it. It comes to its place by one rename, which fails
 * on a folder that holds anything, so of many who try at once one succeeds. What a process left behind that has ended is taken away by
 * the claim's own name, which nobody else ever has: so nobody can remove a lock that has changed hands meanwhile. A claim of
 * another computer, or of a process id that was given out anew, is taken away after ten seconds of waiting.
 * @param path of the lock; its parent folder has to be there. Throws the system's error where nothing can be made in it
 * @param abandonedMs after this long a holder counts as gone, whoever it is
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
    // Not to be able to let go is no failure of what was done meanwhile; others wait ten seconds and take it away.
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
      // A refusal without a lock: nobody may rename here, which no waiting changes.
      if (claim === '' && abandoned) throw thrown;
      if (claim !== '' && (abandoned || hasExited(claim))) await fs.rm(join(path, claim), { force: true });
      // Fails where somebody's claim is inside. POSIX renames over an empty folder, Windows does not.
      await fs.rmdir(path).catch(() => undefined);
      const pause = WAIT_MS * (0.5 + Math.random());
      await wait(pause);
      // Counted by our own waits: a clock runs on while the computer sleeps, and the holder with it.
      waited += pause;
    }
  }
}

/** The claim that holds now; '' where none does. */
async function readClaim(path: string): Promise<string> {
  try {
    return (await fs.readdir(path))[0] ?? '';
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return ''; // let go of in this moment
    throw thrown;
  }
}

/** Whether the process of a claim is known to be gone. */
function hasExited(claim: string): boolean {
  const [host = '', pid = ''] = claim.split('~');
  if (host !== encodeURIComponent(hostname()) || !/^[1-9]\d*$/u.test(pid)) return false;
  if (Number(pid) === process.pid) return !ownClaims.has(claim);
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (thrown) {
    return errorCode(thrown) === 'ESRCH'; // EPERM: it runs, as somebody else
  }
}
