import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
  type FSWatcher,
} from 'node:fs';
import { join } from 'node:path';

/** The message of a second instance to the first. */
export interface Knock {
  argv: string[];
  workingFolder: string;
}

/** Ensures one instance per user-data folder: a lock file with the owner's process id, and a mailbox for later instances. */
export class SingleInstance {
  readonly #lock: string;
  readonly #letters: string;
  #watcher: FSWatcher | null = null;

  constructor(folder: string) {
    this.#lock = join(folder, 'standin-lock');
    this.#letters = join(folder, 'standin-letters');
  }

  /** True: this is the first instance, and `onKnock` is called for later ones. False: the first one was notified. */
  acquire(onKnock: (knock: Knock) => void): boolean {
    mkdirSync(this.#letters, { recursive: true });
    if (!this.#take()) {
      const letter = join(this.#letters, `${process.pid}.json`);
      const knock: Knock = { argv: process.argv, workingFolder: process.cwd() };
      writeFileSync(`${letter}.new`, JSON.stringify(knock));
      renameSync(`${letter}.new`, letter);
      return false;
    }
    const readLetters = (): void => {
      for (const name of readdirSync(this.#letters).filter((entry) => entry.endsWith('.json'))) {
        const path = join(this.#letters, name);
        const knock = JSON.parse(readFileSync(path, 'utf8')) as Knock;
        rmSync(path);
        onKnock(knock);
      }
    };
    this.#watcher = watch(this.#letters, readLetters);
    this.#watcher.unref();
    return true;
  }

  release(): void {
    if (!this.#watcher) return;
    this.#watcher.close();
    this.#watcher = null;
    rmSync(this.#lock, { force: true });
    rmSync(this.#letters, { recursive: true, force: true });
  }

  #take(): boolean {
    try {
      writeFileSync(this.#lock, String(process.pid), { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isAlive(Number(readFileSync(this.#lock, 'utf8')))) return false;
    rmSync(this.#lock, { force: true });
    return this.#take();
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
