import type { GenerationId, ImageId, JobId, Timestamp } from '../../contract/entities/ids.ts';
import type { ReceivedFile } from './originals.ts';
import type { Writable } from '../db/database.ts';
import type { LibraryIdentity } from './library-identity.ts';
import type { Decoding } from '../decoding/operation.ts';
import type { RescueFolders } from './rescue-folders.ts';

/** An open library: one folder and one database connection, exclusive to this process. */
export interface Library {
  readonly folder: string;
  /** Where a library is that can't be written: then `folder` has a copy of its database, and links to its files. Null for others. */
  readonly readOnlyFolder: string | null;
  readonly db: Writable;
  /** Where received bytes are kept while the library's disk fails. */
  readonly rescue: RescueFolders;
  /** Which folders and database file were opened. */
  readonly identity: LibraryIdentity;
  /** Opens files of unknown content, in processes of their own. */
  readonly decoding: Decoding;
  /** What was left unfinished when the application last ended, and what was done with it on opening. */
  readonly recovery: RecoveryReport;
  close(): void;
}

/** An image that was received, but isn't saved in the library. */
export interface UnsavedImage {
  jobId: JobId;
  input: {
    generationId: GenerationId;
    position: number;
    file: ReceivedFile;
    revisedPrompt: string | null;
    at: Timestamp;
  };
}

export interface RecoveryReport {
  /** Images whose saving was completed. */
  completed: ImageId[];
  /** File names in the quarantine folder: received bytes that belong to no image. */
  quarantined: string[];
  /** File names still in the incoming folder: moving them failed; the next opening retries. */
  postponed: string[];
  /** Whole images that could not be saved; they are in the incoming or a rescue folder. */
  unsaved: (UnsavedImage & { error: unknown })[];
  /** Errors, for the log. */
  failures: unknown[];
}
