import type { Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';

/** Which images are being prepared, and what each prepared image was made from. */
export class Preparations {
  /** SHA-256 of the images being prepared. */
  busy = $state.raw<ReadonlySet<Sha256>>(new Set());
  /** By the prepared image's SHA-256. */
  #origins = $state.raw<ReadonlyMap<Sha256, InputImage>>(new Map());

  /** Runs an action on an image, unless one runs already. */
  async run({ sha256 }: InputImage, action: () => Promise<void>): Promise<void> {
    if (this.busy.has(sha256)) return;
    this.busy = new Set([...this.busy, sha256]);
    try {
      await action();
    } finally {
      this.busy = new Set([...this.busy].filter((other) => other !== sha256));
    }
  }

  /** Notes what a prepared image was made from. */
  remember(before: InputImage, after: InputImage): void {
    if (before.sha256 !== after.sha256) this.#origins = new Map([...this.#origins, [after.sha256, before]]);
  }

  /** What an image was made from; undefined if it wasn't prepared here. */
  originOf({ sha256 }: InputImage): InputImage | undefined {
    return this.#origins.get(sha256);
  }
}
