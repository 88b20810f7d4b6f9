import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { errorCode } from '../../electron/disk/error-code.ts';

/** A file system of its own, in memory. */
export interface SmallVolume {
  folder: string;
  /** Leaves this many bytes free. */
  fill(left?: number): void;
  empty(): void;
}

/** Whether this process may mount; if not, the tests that need it are skipped and say so. */
export const canMount = tryMount();

function tryMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return refusedToMount('not root on Linux');
  const folder = mkdtempSync(join(tmpdir(), 'emulsion-volume-'));
  try {
    mount('-t', 'tmpfs', '-o', 'size=1m', 'none', folder);
    execFileSync('umount', [folder], { stdio: 'pipe' });
    return true;
  } catch (thrown) {
    return refusedToMount(String(thrown));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function refusedToMount(why: string): false {
  console.warn(`SKIPPED: tests on a volume of their own, since none can be mounted here (${why}).`);
  return false;
}

function mount(...args: string[]): void {
  execFileSync('mount', args, { stdio: 'pipe' });
}

/** Mounts a volume of `megabytes`, unmounted after the test. */
export function smallVolume(megabytes: number): SmallVolume {
  const folder = mkdtempSync(join(tmpdir(), 'emulsion-volume-'));
  mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', folder);
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
    rmSync(folder, { recursive: true, force: true });
  });
  const filler = join(folder, 'filler');
  return {
    folder,
    fill(left = 0) {
      const { bavail, bsize } = statfsSync(folder);
      try {
        writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)), { flag: 'a' });
      } catch (thrown) {
        // The library wrote meanwhile, so the volume is full.
        if (errorCode(thrown) !== 'ENOSPC') throw thrown;
      }
    },
    empty: () => rmSync(filler, { force: true }),
  };
}

/** Makes a folder read-only, for root too. Returns what makes it writable again. */
export function makeReadOnly(folder: string): () => void {
  mount('--bind', folder, folder);
  mount('-o', 'remount,bind,ro', folder);
  let mounted = true;
  const restore = (): void => {
    if (mounted) execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
    mounted = false;
  };
  onTestFinished(restore);
  return restore;
}
