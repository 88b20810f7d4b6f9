import { mkdirSync } from 'node:fs';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

/** More than this waits for a disk only when it does not answer. Further lines are dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;
const RETRY_MS = 60_000;
/** A disk that has not taken the last lines by then does not keep the application from ending. */
const CLOSE_LIMIT_MS = 1000;

export interface RotatedFileOptions {
  folder: string;
  name: string;
  /** Size in bytes at which the file becomes `name.1`, and `name.1` becomes `name.2`. */
  maxBytes: number;
  /** How many older files are kept. */
  kept: number;
  /** Called once each time the file stops being usable. */
  onFailure(error: Error): void;
}

export interface RotatedFile {
  /** Appends a text. Never throws: a log must not stop the application. */
  write(text: string): void;
  /** Resolves when everything written so far is with the system, or could not be written. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A text file that grows by appending and is rotated by size, readable by its owner only. Where it fails, it is tried again a minute later. */
export function openRotatedFile(options: RotatedFileOptions): RotatedFile {
  const { folder, name, maxBytes, kept, onFailure } = options;
  let stream: RotatingFileStream | null = null;
  let failedAt: number | null = null;

  const open = (): RotatingFileStream | null => {
    if (failedAt !== null && performance.now() - failedAt < RETRY_MS) return null;
    const fail = (error: Error): void => {
      stream = null;
      failedAt = performance.now();
      onFailure(error);
    };
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const opened = createStream(name, { path: folder, size: `${maxBytes}B`, rotate: kept, mode: 0o600 });
      opened.on('error', fail);
      failedAt = null;
      return opened;
    } catch (thrown) {
      fail(thrown instanceof Error ? thrown : new Error('The log could not be opened.', { cause: thrown }));
      return null;
    }
  };

  return {
    write(text) {
      stream ??= open();
      if (stream && stream.writableLength < MAX_WAITING_BYTES) stream.write(text);
    },
    async flush() {
      const open = stream;
      if (open) await new Promise<void>((done) => open.write('', () => done()));
    },
    async close() {
      const open = stream;
      stream = null;
      failedAt = Infinity;
      if (!open) return;
      await new Promise<void>((done) => {
        const timer = setTimeout(done, CLOSE_LIMIT_MS);
        const end = (): void => {
          clearTimeout(timer);
          done();
        };
        open.once('close', end);
        open.once('error', end);
        open.end();
      });
    },
  };
}
