/** Milliseconds that an image has to stay open before its neighbours are loaded: who skips on doesn't wait for what is skipped. */
const PAUSE = 60;

/**
 * Loads and decodes the images that will probably be shown next, so that they are painted at once. Those that aren't wanted any more are
 * given up, loaded or not.
 */
export class ImagePreloader {
  #images = new Map<string, HTMLImageElement>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Wants these addresses, the most likely first, in place of those before. */
  want(addresses: readonly string[]): void {
    clearTimeout(this.#timer);
    for (const [address, image] of this.#images) {
      if (addresses.includes(address)) continue;
      // An empty address cancels the request.
      image.src = '';
      this.#images.delete(address);
    }
    const missing = addresses.filter((address) => !this.#images.has(address));
    if (missing.length > 0) this.#timer = setTimeout(() => this.#load(missing), PAUSE);
  }

  stop(): void {
    this.want([]);
    clearTimeout(this.#timer);
  }

  #load(addresses: readonly string[]): void {
    for (const address of addresses) {
      const image = new Image();
      image.src = address;
      this.#images.set(address, image);
      // A file that is missing or damaged is reported when it is shown.
      image.decode().catch(() => undefined);
    }
  }
}
