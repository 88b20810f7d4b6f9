/** How far a run is. */
export interface RunProgress {
  done: number;
  total: number | null;
  /** What it is at: a file's name. */
  name: string | null;
}

/** What a run's work is given. */
export interface RunControl {
  /** Aborted when the run is cancelled or the studio closes. */
  readonly signal: AbortSignal;
  progress(progress: RunProgress): void;
  /** Between two steps: resolves at once, or when a pause ends. @throws the signal's reason once the run is cancelled */
  pausePoint(): Promise<void>;
}

/** A pause that can be ended. */
export class Pause {
  #resume: (() => void) | null = null;
  #paused: Promise<void> | null = null;

  pause(): void {
    this.#paused ??= new Promise((resolve) => (this.#resume = resolve));
  }

  end(): void {
    this.#resume?.();
    this.#paused = null;
    this.#resume = null;
  }

  /** @throws the signal's reason */
  async point(signal: AbortSignal): Promise<void> {
    // It may be paused again before those who waited go on.
    while (this.#paused && !signal.aborted) await this.#paused;
    signal.throwIfAborted();
  }
}
