import type { JobId, ProfileId } from './entities/ids.ts';
import type { Job } from './entities/jobs.ts';
import type { QueueState } from './entities/queue.ts';
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
  | { type: 'settings'; settings: Settings }
  /** The connection to the host was lost or restored (loopback only; emitted by the transport). */
  | { type: 'connection'; online: boolean };
