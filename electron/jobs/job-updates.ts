import type { JobId } from '../contract/entities/ids.ts';
import type { Log } from '../contract/errors/errors.ts';
import type { StudioEvent } from '../contract/events.ts';
import type { JobStore } from './job-store.ts';

/** Sends studio events about jobs. A listener that throws is logged: it must not cost an image. */
export interface JobUpdates {
  emit(event: StudioEvent): void;
  /** Emits a job as it is stored now. */
  emitJob(id: JobId): void;
}

export function createJobUpdates(store: JobStore, emit: (event: StudioEvent) => void, log: Log): JobUpdates {
  function emitSafely(event: StudioEvent): void {
    try {
      emit(event);
    } catch (thrown) {
      log(`A listener failed on the event “${event.type}”`, thrown);
    }
  }
  return {
    emit: emitSafely,
    emitJob(id) {
      const job = store.read(id);
      if (job) emitSafely({ type: 'job', job });
    },
  };
}
