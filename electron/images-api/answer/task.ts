import { isJsonObject, isListName, type JsonObject } from './answer-shapes.ts';

/** An asynchronous task that a server made instead of an image. */
export interface Task {
  id: string | null;
  state: 'pending' | 'failed' | 'done' | 'unknown';
  /** The object that describes it, for its addresses. */
  fields: JsonObject;
}

const PENDING = new Set([
  'accepted',
  'active',
  'created',
  'generating',
  'init',
  'initializing',
  'inprogress',
  'inqueue',
  'notstart',
  'notstarted',
  'pending',
  'processing',
  'queued',
  'queueing',
  'running',
  'scheduled',
  'started',
  'starting',
  'submitted',
  'waiting',
  'working',
]);
const FAILED = new Set(['canceled', 'cancelled', 'error', 'expired', 'failed', 'failure', 'rejected', 'timeout']);
const DONE = new Set(['complete', 'completed', 'done', 'finished', 'ready', 'succeed', 'succeeded', 'success']);
const STATES = ['task_status', 'taskStatus', 'status', 'state'];
/** Names that only a task has. */
const TASK_IDS = ['task_id', 'taskId', 'taskid', 'job_id', 'jobId', 'prediction_id', 'generation_id'];
const OTHER_IDS = ['id', 'request_id', 'requestId'];
/** An object with an id and one of these is a task, also without a state. */
const ADDRESSES = ['polling_url', 'status_url', 'task_url'];

/**
 * Reads the task of an answer without an image: at its top, or wrapped one level as in `{code, data: {task_id}}` or `{data: [{task_id}]}`.
 * Null when there is none.
 */
export function readTask(value: unknown): Task | null {
  if (!isJsonObject(value)) return null;
  const inner = Object.entries(value).flatMap(([name, held]) => {
    const first: unknown = Array.isArray(held) ? held[0] : held;
    return isJsonObject(first) && (isListName(name) || name === 'task') ? [first] : [];
  });
  return [value, ...inner].map(taskOf).find((task) => task !== null) ?? null;
}

function taskOf(fields: JsonObject): Task | null {
  const said = STATES.map((name) => fields[name]).find((state) => typeof state === 'string');
  const state = stateOf(typeof said === 'string' ? said : '');
  const own = idOf(fields, TASK_IDS);
  if (own !== null) return { id: own, state, fields };
  const id = idOf(fields, OTHER_IDS);
  const isTask = state !== 'unknown' || ADDRESSES.some((name) => typeof fields[name] === 'string');
  return isTask && id !== null ? { id, state, fields } : null;
}

/** The id of any object that may be a task, for an answer with status 202. */
export function taskOfAccepted(value: unknown): Task {
  const fields = isJsonObject(value) ? value : {};
  return readTask(value) ?? { id: idOf(fields, OTHER_IDS), state: 'pending', fields };
}

function stateOf(said: string): Task['state'] {
  const word = said.toLowerCase().replace(/[\s_-]/gu, '');
  return PENDING.has(word) ? 'pending' : FAILED.has(word) ? 'failed' : DONE.has(word) ? 'done' : 'unknown';
}

function idOf(fields: JsonObject, names: readonly string[]): string | null {
  const id = names.map((name) => fields[name]).find((each) => typeof each === 'string' || typeof each === 'number');
  return id === undefined || id === '' ? null : String(id).slice(0, 200);
}

/** A complete answer that is a task. Not an error of the request: the caller follows the task or reports it. */
export class UnfinishedTask extends Error {
  override readonly name = 'UnfinishedTask';
  readonly task: Task;

  constructor(task: Task) {
    super('The answer is a task.');
    this.task = task;
  }
}
