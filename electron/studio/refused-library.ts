import { StudioError, type ErrorReport } from '../contract/errors/errors.ts';
import type { Restorable } from '../library/snapshots/find-restorable.ts';

/** A library whose database can't be used, with the newest snapshot that could take its place; null if there is none. */
export class RefusedLibrary extends StudioError {
  readonly snapshot: Restorable | null;

  constructor(report: ErrorReport, snapshot: Restorable | null, cause: unknown) {
    super(report, { cause });
    this.snapshot = snapshot;
  }
}
