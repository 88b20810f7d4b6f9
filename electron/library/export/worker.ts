import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { ExportOptions } from '../../contract/entities/exports.ts';
import { openUntrusted, type Readable } from '../db/database.ts';
import { toSentError } from '../decoding/messages.ts';
import { DATABASE } from '../files/folders.ts';
import type { RunControl } from '../runs/run-control.ts';
import { countSigned } from './count-signed.ts';
import { exportToFolder } from './export-folder.ts';
import type { ExportedLibrary } from './exported-file.ts';
import { exportToZip } from './export-zip.ts';
import type { ExportTask, FromExportThread, ToExportThread } from './messages.ts';
import { ThreadDecoding } from './thread-decoding.ts';

/** A PDF's library is loaded where a PDF is made. */
const writerFor = async (as: ExportOptions['as']): Promise<typeof exportToFolder> => {
  if (as === 'sheet') return (await import('./export-sheet.ts')).exportToSheet;
  return as === 'zip' ? exportToZip : exportToFolder;
};

/** The export's thread: does one task and ends. It reads the library, and writes to the target only. */
const port = parentPort;
if (!port) throw new Error('An export runs in a thread of its own.');
const task = workerData as ExportTask;
const say = (message: FromExportThread): void => port.postMessage(message);
const stop = new AbortController();
const decoding = new ThreadDecoding(say);
let goOn: (() => void) | null = null;

port.on('message', (message: ToExportThread) => {
  if (message.kind === 'decoded' || message.kind === 'undecoded') {
    decoding.receive(message);
    return;
  }
  if (message.kind !== 'go-on') stop.abort(new Error('The export was stopped.'));
  goOn?.();
});

const control: RunControl = {
  signal: stop.signal,
  progress: (progress) => say({ kind: 'progress', progress }),
  async pausePoint() {
    stop.signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    goOn = () => resolve(undefined);
    say({ kind: 'pause-point' });
    await promise;
    stop.signal.throwIfAborted();
  },
};

const db = openUntrusted(join(task.folder, DATABASE), {
  readonly: true,
  fileMustExist: true,
  timeout: 5000,
}) as Readable;
try {
  const library: ExportedLibrary = { db, folder: task.folder, decoding };
  const result =
    task.kind === 'export'
      ? await (
          await writerFor(task.options.as)
        )(library, task.timelines, task.options, control)
      : await countSigned(library, task.timelines, control.signal);
  say({ kind: 'ended', result });
} catch (thrown) {
  say(
    stop.signal.aborted && thrown === stop.signal.reason
      ? { kind: 'stopped' }
      : { kind: 'failed', error: toSentError(thrown) },
  );
} finally {
  db.close();
  port.close();
}
