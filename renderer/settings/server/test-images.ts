import type { JobId, ProfileId } from '../../../electron/contract/entities/ids.ts';
import { currentTime } from '../../page/clock.ts';
import { newId } from '../../state/new-id.ts';
import { shortHash } from '../../state/short-hash.ts';
import { StoredSubmissions } from '../../state/stored-submissions.ts';

/** `asked`: an earlier call asked for it, and its answer was lost. */
interface TestImage {
  id: JobId;
  asked: boolean;
}

/** After this time a test image has ended and is in Activity, in milliseconds: the next click wants a new one. */
const MAX_AGE_MS = 24 * 3600_000;

/**
 * The jobs of servers' test images. A probe continues with the image that it had asked for until its answer has arrived, also after a
 * reload of the page.
 */
export class TestImages {
  readonly #library: () => string;
  readonly #stored: StoredSubmissions;

  constructor(library: () => string, stored = new StoredSubmissions()) {
    this.#library = library;
    this.#stored = stored;
  }

  /** The job, stored before anything is sent: the same one again until it is settled. */
  begin(profileId: ProfileId): TestImage {
    const now = currentTime();
    const key = shortHash(profileId);
    const known = this.#stored.list(this.#library()).find((each) => each.kind === 'test-image' && each.key === key);
    if (known && Math.abs(now - known.at) < MAX_AGE_MS) return { id: known.id as JobId, asked: true };
    if (known) this.#stored.forget(known.id);
    const id = newId() as JobId;
    this.#stored.keep({ id, kind: 'test-image', key, library: shortHash(this.#library()), at: now, replaces: null });
    return { id, asked: false };
  }

  /** Its outcome is known. */
  settle(id: JobId): void {
    this.#stored.forget(id);
  }
}
