import type { ServerResponse } from 'node:http';
import type { StudioEvent } from '../contract/events.ts';

/** A line of the feed. `hello` is sent first, `heartbeat` every 15 seconds, so that both sides notice a dead connection. */
export type FeedLine = { type: 'hello' } | { type: 'heartbeat' } | { type: 'event'; event: StudioEvent };

/** A reader with more unread data is disconnected. It fetches the complete state when it reconnects. */
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;

/** Sends the studio's events to HTTP clients as endless newline-delimited JSON. */
export class EventFeed {
  readonly #readers = new Set<ServerResponse>();
  readonly #unsubscribe: () => void;
  readonly #heart: NodeJS.Timeout;

  constructor(subscribe: (listener: (event: StudioEvent) => void) => () => void, heartbeatMs = 15_000) {
    this.#unsubscribe = subscribe((event) => {
      this.#send(this.#readers, { type: 'event', event });
    });
    this.#heart = setInterval(() => {
      this.#send(this.#readers, { type: 'heartbeat' });
    }, heartbeatMs);
    this.#heart.unref();
  }

  /** Starts a feed on this response. It ends when the client disconnects or {@link close} is called. */
  add(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.#readers.add(response);
    response.once('close', () => this.#readers.delete(response));
    this.#send([response], { type: 'hello' });
  }

  get size(): number {
    return this.#readers.size;
  }

  close(): void {
    clearInterval(this.#heart);
    this.#unsubscribe();
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  #send(readers: Iterable<ServerResponse>, line: FeedLine): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    for (const reader of readers) {
      if (reader.writableLength + bytes.length > MAX_UNREAD_BYTES && reader.writableLength > 0) reader.destroy();
      else reader.write(bytes);
    }
  }
}
