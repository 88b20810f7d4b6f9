import { setImmediate as nextTurn } from 'node:timers/promises';
import { StudioError, toErrorReport } from '../../contract/errors/errors.ts';
import type { Readable } from '../db/database.ts';
import { LogGapError } from './apply-log.ts';
import { IndexCore } from './index-core.ts';
import { readLibrary, type IndexData } from './index-data.ts';
import type { FromWorker, QuestionName, ToWorker } from './messages.ts';

interface Serving {
  folder: string;
  db: Readable;
  prefix: string;
  send(message: FromWorker, transfer?: readonly ArrayBuffer[]): void;
}

/** The thread's side of the messages. */
export interface IndexServer {
  receive(message: ToWorker): void;
}

/** Loads the index and answers questions once it is ready. */
export function serveIndex({ db, prefix, send }: Serving): IndexServer {
  let core: IndexCore | null = null;
  let loads = 0;

  const load = async (): Promise<void> => {
    core = null;
    loads += 1;
    const loaded = new IndexCore(db, await readInSlices(), { prefix: `${prefix}${loads}`, now: Date.now });
    loaded.refresh();
    core = loaded;
    send({ kind: 'status', status: loaded.status });
  };

  const readInSlices = async (): Promise<IndexData> => {
    const images = db.prepare<[], number>('SELECT count(*) FROM images').pluck().get() ?? 0;
    const slices = readLibrary(db);
    for (;;) {
      const { done, value } = slices.next();
      if (done) return value;
      send({ kind: 'status', status: { ready: false, revision: 0, loaded: value, images } });
      await nextTurn();
    }
  };

  /** An error of the thread ends it, and the host starts another one. */
  const begin = (): void => {
    load().catch((thrown: unknown) => {
      setImmediate(() => {
        throw thrown;
      });
    });
  };

  const answer = (id: number, name: QuestionName, payload: unknown): void => {
    if (!core) throw new StudioError({ code: 'index-loading', message: 'The library’s index is being loaded.' });
    const before = core.data.revision;
    // Payloads were validated by the dispatch, or come from the host itself.
    const value: unknown = core.answer(name, payload as never);
    const transfer = value instanceof Uint16Array || value instanceof Float64Array ? [value.buffer as ArrayBuffer] : [];
    send({ kind: 'answer', id, value }, transfer);
    if (core.data.revision !== before) send({ kind: 'status', status: core.status });
  };

  /** Makes the index anew where the log doesn't reach back to it. */
  const guarded = (act: () => void, refuse: (thrown: unknown) => void): void => {
    try {
      act();
    } catch (thrown) {
      refuse(thrown);
      if (!(thrown instanceof LogGapError)) return;
      send({ kind: 'note', sentence: 'The image index is made anew', thrown });
      begin();
    }
  };

  begin();
  return {
    receive(message) {
      if (message.kind === 'refresh')
        guarded(
          () => {
            if (core && core.refresh() > 0) send({ kind: 'status', status: core.status });
          },
          (thrown) => send({ kind: 'note', sentence: 'The image index could not be refreshed', thrown }),
        );
      else
        guarded(
          () => answer(message.id, message.name, message.payload),
          (thrown) => send({ kind: 'refusal', id: message.id, report: reportOf(thrown), thrown }),
        );
    },
  };
}

function reportOf(thrown: unknown): ReturnType<typeof toErrorReport> {
  if (!(thrown instanceof LogGapError)) return toErrorReport(thrown);
  return new StudioError({ code: 'index-loading', message: 'The library’s index is being loaded.' }).report;
}
