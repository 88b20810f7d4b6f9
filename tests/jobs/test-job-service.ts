import Database from 'better-sqlite3';
import { v7 as uuid } from 'uuid';
import { onTestFinished } from 'vitest';
import type { JobId, ProfileId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { tokenPrices, type Prices } from '../../electron/contract/entities/money.ts';
import type { CreateParameters } from '../../electron/contract/catalogue/parameters.ts';
import type { Server } from '../../electron/contract/catalogue/servers.ts';
import { PLAIN_CONNECTION } from '../../electron/images-api/request/build-request.ts';
import type { Clock } from '../../electron/jobs/clock.ts';
import { createJobService, type JobService } from '../../electron/jobs/job-service.ts';
import type { EndedLine, SentLine } from '../../electron/log/log.ts';
import type { Library } from '../../electron/library/library.ts';
import { startRecordingServer, type RecordingServer, type Script } from '../fakes/recording-server.ts';
import { smallPng, testLibrary } from '../library/test-library.ts';

/** The real queue over a real library; only the server is scripted. */
export interface TestJobService {
  queue: JobService & {
    /** Creates a job with a new id. */
    ask(request: JobRequest, overCap?: boolean): Promise<Job>;
  };
  library: Library;
  server: RecordingServer;
  events: StudioEvent[];
  log: string[];
  /** Log lines about requests, in the order in which they were written. */
  requestLines: (({ line: 'sent' } & SentLine) | ({ line: 'ended' } & EndedLine))[];
  /** Unhandled rejections. */
  unhandled: unknown[];
  /** Prompts in the order in which their requests arrived. */
  prompts(): string[];
  /** Resolves with the job once it was emitted as asked for; the test's own time is the limit. */
  emitted(id: JobId, isAsked: (job: Job) => boolean): Promise<Job>;
  /** Resolves with the emitted job once it has ended. */
  ended(id: JobId): Promise<Job>;
}

type Far = Script | ((prompt: string, index: number) => Script);

/** A profile by its id; by default it runs four requests at once and is billed. */
interface TestProfile {
  concurrency?: number;
  free?: boolean;
  server?: Server;
}

interface TestJobServiceOptions {
  concurrency?: number;
  baseUrl?: () => string | null;
  profiles?: Record<string, TestProfile>;
  clock?: Clock;
  /** Lengthens repeated waits; 0 by default. */
  random?: () => number;
  prices?: Prices | null;
  cap?: () => number | null | 'unknown';
  /** The library's folder; a temporary one when left out. */
  folder?: string;
  rescueFolders?: readonly string[];
}

/** Default prices of a test: a dollar for an image. */
export const ONE_DOLLAR_PER_IMAGE = tokenPrices({ perImage: 1 });

export async function testJobService(far: Far, options: TestJobServiceOptions = {}): Promise<TestJobService> {
  const { baseUrl = () => null, concurrency = 4, profiles = {}, clock, prices = null, cap = () => null } = options;
  const library = await testLibrary(options.folder, options.rescueFolders);
  const promptOf = (json: unknown): string => (json as { prompt: string }).prompt;
  const server = await startRecordingServer((request, index) =>
    typeof far === 'function' ? far(promptOf(request.json), index) : far,
  );
  onTestFinished(() => server.close());
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));

  const events: StudioEvent[] = [];
  const listeners = new Set<(event: StudioEvent) => void>();
  const log: string[] = [];
  const requestLines: TestJobService['requestLines'] = [];
  const queue = createJobService({
    library,
    connect: (profileId) =>
      Promise.resolve({
        ...PLAIN_CONNECTION,
        name: 'Test',
        free: false,
        concurrency,
        baseUrl: baseUrl() ?? server.baseUrl,
        ...profiles[profileId],
      }),
    pricing: { findPrices: () => prices, monthlyCap: cap },
    emit(event) {
      events.push(event);
      for (const listener of [...listeners]) listener(event);
    },
    log: (sentence, thrown) => log.push(`${sentence}: ${String(thrown)}`),
    requestLog: {
      requestSent: (line) => requestLines.push({ line: 'sent', ...line }),
      requestEnded: (line) => requestLines.push({ line: 'ended', ...line }),
    },
    ...(clock && { clock }),
    random: options.random ?? (() => 0),
  });
  onTestFinished(() => queue.close());
  const ask = (request: JobRequest, overCap = false): Promise<Job> =>
    queue.create({ id: uuid() as JobId, request, overCap });

  const emitted: TestJobService['emitted'] = (id, isAsked) =>
    new Promise((resolve) => {
      const look = (event: StudioEvent): void => {
        if (event.type !== 'job' || event.job.id !== id || !isAsked(event.job)) return;
        listeners.delete(look);
        resolve(event.job);
      };
      listeners.add(look);
      for (const event of [...events]) look(event);
    });
  return {
    queue: { ...queue, ask },
    library,
    server,
    events,
    log,
    requestLines,
    unhandled,
    prompts: () => server.requests.map(({ json }) => promptOf(json)),
    emitted,
    ended: (id) => emitted(id, (job) => !isUnfinished(job)),
  };
}

function isUnfinished({ state }: Job): boolean {
  return state === 'waiting' || state === 'running';
}

export function jobRequest(prompt: string, parameters: Partial<CreateParameters> = {}): JobRequest {
  return {
    operation: 'create',
    profileId: 'environment' as ProfileId,
    parameters: { prompt, model: 'gpt-image-2.6-sunburst', size: '1024x1024', n: 1, ...parameters },
  };
}

/** A response with unique images. */
export async function images(count = 1): Promise<Script> {
  const data = [];
  for (let i = 0; i < count; i += 1) data.push({ b64_json: (await smallPng()).toString('base64') });
  return { body: JSON.stringify({ created: 1, data, usage: { output_tokens: 7 } }) };
}

/** The writes of the queue at which a disk can fail, each as the SQL statement that is rejected. */
export const WRITES = {
  startJob: "UPDATE ON main.jobs WHEN NEW.state = 'running' AND NEW.request LIKE '%refused%'",
  finishJob: "UPDATE ON main.jobs WHEN NEW.state NOT IN ('waiting', 'running') AND NEW.request LIKE '%refused%'",
  markSent:
    "UPDATE ON main.generations WHEN NEW.state = 'sent' AND OLD.state = 'intent' AND NEW.prompt LIKE '%refused%'",
  requeueGeneration: "UPDATE ON main.generations WHEN NEW.state = 'intent' AND OLD.state = 'sent'",
  recordResponseHead: 'UPDATE ON main.generations WHEN NEW.status IS NOT NULL AND NEW.finished_at IS NULL',
  finishGeneration: "UPDATE ON main.generations WHEN NEW.finished_at IS NOT NULL AND NEW.prompt LIKE '%refused%'",
  landing: 'INSERT ON main.landings WHEN 1',
  image: 'INSERT ON main.images WHEN 1',
  strict: 'UPDATE ON main.strict_results WHEN 1',
} as const;

/**
 * Makes a write fail as SQLite does on a full or read-only disk: the statement throws and the transaction is rolled back. The returned
 * function restores the disk.
 */
export function refuse({ db }: Library, write: keyof typeof WRITES): () => void {
  db.function('refuse_write', () => {
    throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_WRITE');
  });
  // In the schema "temp", which belongs to this connection and is not written to the file.
  db.exec(`CREATE TEMP TRIGGER refuse_${write} BEFORE ${WRITES[write]} BEGIN SELECT refuse_write(); END`);
  return () => void db.exec(`DROP TRIGGER temp.refuse_${write}`);
}
