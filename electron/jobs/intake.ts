import { isDeepStrictEqual } from 'node:util';
import { v7 as uuid } from 'uuid';
import {
  countCombinations,
  expandBatch,
  MAX_BATCH_SIZE,
  type Batch,
  type BatchRequest,
} from '../contract/rules/batch.ts';
import type { BatchId, JobId } from '../contract/entities/ids.ts';
import type { Job } from '../contract/entities/jobs.ts';
import type { JobRequest } from '../contract/entities/requests.ts';
import { StudioError } from '../contract/errors/errors.ts';
import { notSent } from '../contract/errors/messages.ts';
import type { MicrosRange } from '../contract/entities/money.ts';
import { readBatch, readBatchIntent } from '../library/jobs/batches.ts';
import type { Intent } from '../library/jobs/jobs.ts';
import type { Library } from '../library/library.ts';
import { spentBetween } from '../library/jobs/spending.ts';
import { tokenHistory } from '../library/jobs/token-history.ts';
import type { Pricing } from './request-cost.ts';
import { checkCapNow } from './monthly-cap.ts';
import { planJob, type PlannedJob } from './plan-job.ts';
import type { JobStore } from './job-store.ts';
import { activeJob } from './job-queue.ts';
import type { JobConnection } from './run-generation.ts';
import type { Scheduler } from './scheduler.ts';

/** A request for a job. The id is chosen by the caller, so that a repeated call creates one job only. */
export interface CreateJobInput {
  id: JobId;
  request: JobRequest;
  /** The person confirmed that the monthly cap may be exceeded. */
  overCap: boolean;
}

export interface CreateBatchInput {
  id: BatchId;
  batch: BatchRequest;
  overCap: boolean;
}

export interface IntakeOptions {
  library: Library;
  store: JobStore;
  scheduler: Scheduler;
  pricing: Pricing;
}

/** A job that is being created. A repeated call with the same id waits for it. */
interface Pending<Made> {
  request: unknown;
  made: Promise<Made>;
}

/** Creates jobs: checks the request, estimates its cost, records it and then queues it. The same id twice creates one job. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #pending = new Map<string, Pending<unknown>>();

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** @throws StudioError see `JobService.create` */
  async create({ id, request: asked, overCap }: CreateJobInput): Promise<Job> {
    const request = dropUnusedStrictMask(asked);
    const known = this.#options.store.read(id);
    if (known) return same(known.request, request, known);
    return this.#once(id, request, async () => {
      const connection = await this.#connect(request);
      const planned = planJob(request, this.#planning(connection));
      this.#checkMonthlyCap(planned.estimate, overCap);
      const { store, scheduler } = this.#options;
      const intent = intentOf({ id, planned, connection, createdAt: Date.now() });
      store.open(intent);
      scheduler.add([activeJob(intent, planned.generations)]);
      return found(store.read(id));
    });
  }

  /** @throws StudioError see `JobService.createBatch` */
  async createBatch({ id, batch: asked, overCap }: CreateBatchInput): Promise<Batch> {
    const batch = { ...asked, base: dropUnusedStrictMask(asked.base) };
    const { library, store, scheduler } = this.#options;
    const known = readBatchIntent(library.db, id);
    if (known) return same(known.request, batch, this.#batch(id));
    checkCells(batch);
    return this.#once(id, batch, async () => {
      const connection = await this.#connect(batch.base);
      const planning = this.#planning(connection);
      const createdAt = Date.now();
      const planned = expandBatch(batch).map(({ at, request }) => ({ at, ...planJob(request, planning) }));
      this.#checkMonthlyCap(sumOf(planned), overCap);
      // If the cost of one request is unknown, the cap asks as for a single request of unknown cost.
      if (planned.some(({ estimate }) => estimate === null)) this.#checkMonthlyCap(null, overCap);
      const intents = planned.map(({ at, ...job }) =>
        intentOf({ id: uuid() as JobId, planned: job, connection, createdAt, batch: { id, at } }),
      );
      store.openBatch({ id, request: batch, createdAt }, intents);
      scheduler.add(intents.map((intent) => activeJob(intent, intent.generations)));
      return this.#batch(id);
    });
  }

  /** A job in any state, after waiting for a creation under this id that is under way; null if there is none. */
  async find(id: JobId): Promise<Job | null> {
    await this.#settled(id);
    return this.#options.store.read(id);
  }

  /** The same for a batch. @throws StudioError `not-found` */
  async findBatch(id: BatchId): Promise<Batch> {
    await this.#settled(id);
    return this.#batch(id);
  }

  /** Resolves when no creation under this id is under way, whether it succeeded or failed. */
  async #settled(id: string): Promise<void> {
    await this.#pending.get(id)?.made.catch(() => undefined);
  }

  #batch(id: BatchId): Batch {
    const { library, store } = this.#options;
    const batch = readBatch(library.db, id);
    if (!batch) throw new StudioError({ code: 'not-found', message: `The library has no batch ${id}.` });
    return { ...batch, cells: batch.cells.map((cell) => ({ ...cell, job: store.read(cell.jobId) ?? cell.job })) };
  }

  async #once<Made>(id: string, request: unknown, make: () => Promise<Made>): Promise<Made> {
    // One id always stands for one type of result.
    const pending = this.#pending.get(id) as Pending<Made> | undefined;
    if (pending) return same(pending.request, request, pending.made);
    const made = make().finally(() => this.#pending.delete(id));
    this.#pending.set(id, { request, made });
    return made;
  }

  /** Read now so that a missing key is reported at once; read again when the request is sent. */
  async #connect({ profileId }: JobRequest): Promise<JobConnection> {
    this.#refuseWhenClosed();
    const connection = await this.#options.scheduler.connect(profileId);
    this.#refuseWhenClosed();
    return connection;
  }

  #refuseWhenClosed(): void {
    if (!this.#options.scheduler.closed) return;
    throw new StudioError({ code: 'interrupted', message: notSent('Emulsion is closing.') });
  }

  #planning(connection: JobConnection): Parameters<typeof planJob>[1] {
    const { library, pricing } = this.#options;
    return { library, pricing, connection, historyOf: (model) => tokenHistory(library.db, model) };
  }

  #checkMonthlyCap(estimate: MicrosRange | null, overCap: boolean): void {
    const { pricing, library, scheduler } = this.#options;
    if (overCap) return;
    checkCapNow(estimate, {
      cap: pricing.monthlyCap(),
      spentBetween: (month) => spentBetween(library.db, month),
      reserved: scheduler.reserved,
    });
  }
}

/** Removes the strict mask option from a request without a mask. */
function dropUnusedStrictMask(request: JobRequest): JobRequest {
  if (request.operation !== 'edit' || request.strict === undefined) return request;
  if (request.strict !== null && request.inputs.some(({ role }) => role === 'mask')) return request;
  const { strict: _idle, ...rest } = request;
  return rest;
}

function intentOf({
  planned: { request, generations, estimate },
  connection: { name: profileName, baseUrl },
  ...rest
}: Pick<Intent, 'id' | 'createdAt' | 'batch'> & {
  planned: PlannedJob;
  connection: JobConnection;
}): Intent {
  return { ...rest, request, profileName, baseUrl, estimate, generations };
}

/** The sum of the known estimates; null when none is known. */
function sumOf(jobs: readonly PlannedJob[]): MicrosRange | null {
  const known = jobs.flatMap(({ estimate }) => estimate ?? []);
  if (known.length === 0) return null;
  return known.reduce((sum, { min, max }) => ({ min: sum.min + min, max: sum.max + max }));
}

function checkCells(batch: BatchRequest): void {
  const cells = countCombinations(batch);
  if (cells <= MAX_BATCH_SIZE) return;
  const message = notSent(
    `${cells.toLocaleString('en')} combinations; the limit is ${MAX_BATCH_SIZE}. Remove some values.`,
  );
  throw new StudioError({ code: 'parameter-invalid', message, field: 'prompt' });
}

/** Returns the existing result of a repeated request. @throws StudioError for another request with the same id */
function same<Made>(known: unknown, asked: unknown, made: Made): Made {
  // Compared as stored JSON, without undefined fields.
  if (isDeepStrictEqual(plain(known), plain(asked))) return made;
  const message = notSent('This id already belongs to another request.');
  throw new StudioError({ code: 'bad-payload', message, field: 'id' });
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function found(job: Job | null): Job {
  if (job) return job;
  throw new StudioError({ code: 'not-found', message: notSent('The job isn’t in the library.') });
}
