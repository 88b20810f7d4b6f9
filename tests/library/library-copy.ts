import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Copies an open library's folder as a kill at this moment would leave it. Returns the copy. */
export function copyAsKilled(folder: string, target: string): string {
  cpSync(folder, target, { recursive: true });
  rmSync(join(target, 'library.lock'), { force: true });
  return target;
}
