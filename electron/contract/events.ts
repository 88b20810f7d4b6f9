import type { Change } from './entities/changes.ts';
import type { IndexStatus } from './entities/views.ts';
import type { JobId, ProfileId } from './entities/ids.ts';
import type { Job } from './entities/jobs.ts';
import type { QueueState } from './entities/queue.ts';
import type { Run } from './entities/runs.ts';
import type { Settings } from './entities/settings.ts';
import type { ProbeReport } from './catalogue/servers.ts';

/** Events pushed to the renderer. Each carries the complete current state of its subject, so a lost event does no harm. */
export type StudioEvent =
  | { type: 'job'; job: Job }
  | { type: 'job-dismissed'; jobId: JobId }
  | { type: 'queue'; queue: QueueState }
  /** A probe has a new finding. The final report is also in `settings`. */
  | { type: 'probe'; profileId: ProfileId; report: ProbeReport }
  /** Images were added or removed. */
  | { type: 'library' }
  /** The image index has a newer revision, or its loading went on. */
  | { type: 'index'; status: IndexStatus }
  /** A change of the library was applied or reverted, or that went on. */
  | { type: 'change'; change: Change }
  /** An import, export or other long work on the library began, went on or ended. */
  | { type: 'run'; run: Run }
  /** Tags, collections or saved prompts themselves have changed. */
  | { type: 'order' }
  /**
   * Another library is open, or the same one was opened again: everything that the page holds is of the former one. `said`: a sentence for the
   * person about what was done while none was open.
   */
  | { type: 'library-opened'; folder: string; said: string | null }
  | { type: 'settings'; settings: Settings }
  /** The connection to the host was lost or restored (loopback only; emitted by the transport). */
  | { type: 'connection'; online: boolean };
