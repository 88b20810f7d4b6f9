import { amendReport, type ErrorCode } from '../contract/errors/errors.ts';
import type { GenerationEnd } from '../library/jobs/generations.ts';
import type { Clock } from './clock.ts';

/** Delay in milliseconds between waking and sending, until the network is back. */
const WAKE_DELAY_MS = 5000;

/** Whether the computer sleeps, and how often it has slept. */
export class SuspendState {
  readonly #clock: Clock;
  #suspended = false;
  #count = 0;
  #cancelWakeTimer: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get suspended(): boolean {
    return this.#suspended;
  }

  /** How often the computer has slept since the start. */
  get count(): number {
    return this.#count;
  }

  suspend(): void {
    this.close();
    if (!this.#suspended) this.#count += 1;
    this.#suspended = true;
  }

  /** Calls back once, after {@link WAKE_DELAY_MS}, unless the computer sleeps again first. */
  resume(onAwake: () => void): void {
    if (!this.#suspended || this.#cancelWakeTimer) return;
    this.#cancelWakeTimer = this.#clock.after(WAKE_DELAY_MS, () => {
      this.#cancelWakeTimer = null;
      this.#suspended = false;
      onAwake();
    });
  }

  /** Stops a timer that runs. */
  close(): void {
    this.#cancelWakeTimer?.();
    this.#cancelWakeTimer = null;
  }
}

/** Errors of a connection that can break when the computer sleeps. */
const CONNECTION_ERRORS = new Set<ErrorCode>(['connection-lost', 'answer-cut', 'timed-out', 'server-unreachable']);

/** The end of a request during which the computer slept: the sentence of a connection error says so. */
export function withSleepNote(end: GenerationEnd): GenerationEnd {
  const { error } = end;
  if (!error || !CONNECTION_ERRORS.has(error.code)) return end;
  return { ...end, error: amendReport(error, { notes: [...(error.notes ?? []), 'slept'] }) };
}
