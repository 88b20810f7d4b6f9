import type { JobId, ProfileId } from './entities/ids.ts';
import type { Job } from './entities/jobs.ts';
import type { QueueState } from './entities/queue.ts';
import type { Settings } from './entities/settings.ts';
import type { ProbeReport } from './catalogue/servers.ts';

/** What the main side pushes. Each event carries the whole new truth of its subject, so that a lost one does no harm. */
export type StudioEvent =
  | { type: 'job'; job: Job }
  | { type: 'job-dismissed'; jobId: JobId }
  | { type: 'queue'; queue: QueueState }
  /** A probe has learnt something more; the last one of a probe comes with its settings. */
  | { type: 'probe'; profileId: ProfileId; report: ProbeReport }
  /** Images were added or removed. */
  | { type: 'library' }
  | { type: 'settings'; settings: Settings }
  /** The connection to the host was lost or found again (loopback only; made by the transport). */
  | { type: 'connection'; online: boolean };
