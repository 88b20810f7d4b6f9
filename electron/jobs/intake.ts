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
import { checkMonthlyCap, calendarMonth } from './monthly-cap.ts';
import { planJob, type PlannedJob } from './plan-job.ts';
import type { JobStore } from './job-store.ts';
import { activeJob } from './job-queue.ts';
import type { JobConnection } from './run-generation.ts';
import type { Scheduler } from './scheduler.ts';

/** What a person has clicked for, under an id of its own. */
export interface CreateJobInput {
  id: JobId;
  request: JobRequest;
  /** The person was asked and goes over the month's cap. */
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

/** A wish whose job is being made, so that the same wish coming again does not make another. */
interface Pending<Made> {
  request: unknown;
  made: Promise<Made>;
}

/** Makes jobs of what is asked for: checked, reckoned, recorded, and only then put in the line. The same id twice is one wish. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #pending = new Map<string, Pending<unknown>>();

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** @throws StudioError see `Queue.create` */
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

  /** @throws StudioError see `Queue.createBatch` */
  async createBatch({ id, batch: asked, overCap }: CreateBatchInput): Promise<Batch> {
    const batch = { ...asked, base: dropUnusedStrictMask(asked.base) };
    const { library, store, scheduler } = this.#options;
    const known = readBatchIntent(library.db, id);
    if (known) return same(known.request, batch, this.batch(id));
    checkCells(batch);
    return this.#once(id, batch, async () => {
      const connection = await this.#connect(batch.base);
      const planning = this.#planning(connection);
      const createdAt = Date.now();
      const planned = expandBatch(batch).map(({ at, request }) => ({ at, ...planJob(request, planning) }));
      this.#checkMonthlyCap(sumOf(planned), overCap);
      // What is not known of some is asked about as it is of one.
      if (planned.some(({ estimate }) => estimate === null)) this.#checkMonthlyCap(null, overCap);
      const intents = planned.map(({ at, ...job }) =>
        intentOf({ id: uuid() as JobId, planned: job, connection, createdAt, batch: { id, at } }),
      );
      store.openBatch({ id, request: batch, createdAt }, intents);
      scheduler.add(intents.map((intent) => activeJob(intent, intent.generations)));
      return this.batch(id);
    });
  }

  /** @throws StudioError `not-found` */
  batch(id: BatchId): Batch {
    const { library, store } = this.#options;
    const batch = readBatch(library.db, id);
    if (!batch) throw new StudioError({ code: 'not-found', message: `The library has no batch ${id}.` });
    return { ...batch, cells: batch.cells.map((cell) => ({ ...cell, job: store.read(cell.jobId) ?? cell.job })) };
  }

  async #once<Made>(id: string, request: unknown, make: () => Promise<Made>): Promise<Made> {
    // The caller of one id gets one kind of thing.
    const pending = this.#pending.get(id) as Pending<Made> | undefined;
    if (pending) return same(pending.request, request, pending.made);
    const made = make().finally(() => this.#pending.delete(id));
    this.#pending.set(id, { request, made });
    return made;
  }

  /** Asked now so that a missing key is told at once; asked again when the request goes out. */
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
    const cap = pricing.monthlyCap();
    if (cap === null || overCap || estimate?.max === 0) return;
    checkMonthlyCap(estimate, {
      cap,
      spent: spentBetween(library.db, calendarMonth(Date.now())),
      reserved: scheduler.reserved,
    });
  }
}

/** A wish for a strict mask is kept only where a mask goes out: it says nothing elsewhere. */
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

/** What is known where one is known of all; where it is not, of those of which it is, so that the cap still means something. */
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

/** What there is already, for the same wish. @throws StudioError for another wish under the same id */
function same<Made>(known: unknown, asked: unknown, made: Made): Made {
  // As it is stored: what is undefined is not there.
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
