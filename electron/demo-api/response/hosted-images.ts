import { randomUUID } from 'node:crypto';

interface Hosted {
  file: Buffer;
  mediaType: string;
  until: number;
}

const LIFE_MS = 60 * 60 * 1000;
const MOST = 64;
const MAX_BYTES = 256 * 1024 * 1024;

/** Images that responses refer to by URL: kept in memory for 60 minutes under a random name, the oldest removed first. */
export class HostedImages {
  readonly #images = new Map<string, Hosted>();
  #bytes = 0;

  /** Stores an image and returns its URL path. */
  add(file: Buffer, mediaType: string): string {
    const path = `/images/${randomUUID()}.${mediaType.slice(mediaType.indexOf('/') + 1).replace(/\+.*/u, '')}`;
    this.#images.set(path, { file, mediaType, until: Date.now() + LIFE_MS });
    this.#bytes += file.length;
    for (const [oldest, hosted] of this.#images) {
      if (this.#images.size <= MOST && this.#bytes <= MAX_BYTES && hosted.until > Date.now()) break;
      if (oldest === path) break;
      this.#images.delete(oldest);
      this.#bytes -= hosted.file.length;
    }
    return path;
  }

  find(path: string): { file: Buffer; mediaType: string } | null {
    const hosted = this.#images.get(path);
    return hosted && hosted.until > Date.now() ? hosted : null;
  }
}
