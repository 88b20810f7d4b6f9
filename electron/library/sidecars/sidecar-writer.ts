import type { Library } from '../files/library-handle.ts';
import { writeLibraryRecord } from './write-library-record.ts';
import { writeOutdatedSidecars } from './outdated-sidecars.ts';

/** Writes the library's record and outdated sidecars in the background, one after the other, however many there are. */
export class SidecarWriter {
  readonly #library: Library;
  readonly #failed: (thrown: unknown) => void;
  readonly #signal: AbortSignal;
  #running: Promise<void> | null = null;
  #again = false;

  /** @param failed receives errors; the next start retries */
  constructor(library: Library, signal: AbortSignal, failed: (thrown: unknown) => void) {
    this.#library = library;
    this.#signal = signal;
    this.#failed = failed;
  }

  /** Some sidecars may be outdated. @returns when all are written */
  start(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#rounds().finally(() => (this.#running = null));
    return this.#running;
  }

  async #rounds(): Promise<void> {
    const options = { failed: this.#failed, signal: this.#signal };
    while (this.#again && !this.#signal.aborted) {
      this.#again = false;
      await writeLibraryRecord(this.#library).catch(this.#failed);
      await writeOutdatedSidecars(this.#library, options).catch(this.#failed);
    }
  }
}
