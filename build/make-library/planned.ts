import type { FileFormat } from '../../electron/contract/catalogue/file-formats.ts';
import type { Operation } from '../../electron/contract/catalogue/parameters.ts';
import type { InputRole, JobRequest } from '../../electron/contract/entities/requests.ts';
import type { CostBasis } from '../../electron/contract/entities/money.ts';
import type { Prices } from '../../electron/contract/catalogue/prices.ts';
import type { Billing, ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { ResponseMetadata } from '../../electron/contract/entities/generations.ts';

/*
 * Rows of a made library before they are inserted. Ids are plain strings here: they come from the random numbers and go into the database.
 */

export interface PlannedFile {
  sha256: string;
  format: FileFormat;
  bytes: number;
}

export interface PlannedInput {
  role: InputRole;
  file: PlannedFile;
  imageId: string | null;
  /** Its size in pixels, for a file that is no image of the library. */
  added?: { width: number; height: number };
}

interface PlannedStrict {
  feather: number;
  file: PlannedFile;
  outside: number;
  changed: number;
  visible: number;
}

/** What a person added. */
export interface PlannedMarks {
  rating: number;
  favourite: boolean;
  rejected: boolean;
  note: string | null;
  trashedAt: number | null;
}

export interface PlannedImage {
  id: string;
  at: number;
  position: number;
  file: PlannedFile;
  width: number;
  height: number;
  hasAlpha: boolean;
  /** Base64; null for a damaged image. */
  thumbhash: string | null;
  dhash: Buffer | null;
  flaw: 'truncated' | null;
  revisedPrompt: string | null;
  marks: PlannedMarks;
  strict: PlannedStrict | null;
  /** Keys of tags and collections. */
  tags: number[];
  collections: number[];
}

export interface PlannedGeneration {
  id: string;
  ordinal: number;
  operation: Operation;
  state: 'done' | 'failed' | 'cancelled' | 'interrupted';
  model: string;
  prompt: string;
  n: number;
  parameters: JobRequest['parameters'];
  sentAt: number;
  finishedAt: number;
  requestId: string | null;
  status: number | null;
  answer: ResponseMetadata | null;
  billing: Billing;
  error: ErrorReport | null;
  estimate: { min: number; max: number } | null;
  cost: { cost: number; basis: CostBasis } | null;
  prices: Prices | null;
  inputs: PlannedInput[];
  images: PlannedImage[];
}

export interface PlannedJob {
  id: string;
  state: PlannedGeneration['state'];
  request: JobRequest;
  profileName: string;
  baseUrl: string;
  createdAt: number;
  finishedAt: number;
  error: ErrorReport | null;
  dismissed: boolean;
  /** `base`: the request of the whole batch, with its variables. */
  batch: { id: string; place: number[]; createdAt: number; base: JobRequest } | null;
  generations: PlannedGeneration[];
}
