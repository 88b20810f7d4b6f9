import { B64, http, json, type Cases } from './answers.ts';

const refused = (status: number, error: object, headers: Record<string, string> = {}) => ({
  answer: json({ error }, { status, headers }),
});
const queued = { id: 'task_1', object: 'generation.task', status: 'queued', progress: 0 };
const shown = { code: 'answer-empty', says: 'The server made a task; image not included.', kept: 'task_1' } as const;
const whole = json({ data: [{ b64_json: B64 }] });

/** Refusals by cause, and tasks in place of images. */
export const REFUSALS: Cases = {
  'no credit with 403': {
    ...refused(403, { message: 'user quota is not enough', code: 'insufficient_user_quota' }),
    code: 'quota-exhausted',
    billing: 'none',
    kept: 'user quota is not enough',
  },
  'country with 403': {
    ...refused(403, {
      message: 'Country, region, or territory not supported',
      code: 'unsupported_country_region_territory',
    }),
    code: 'region-unsupported',
    billing: 'none',
    kept: 'territory not supported',
  },
  'a challenge page': {
    answer: http('<html><title>Just a moment...</title></html>', {
      status: 403,
      headers: { 'content-type': 'text/html', 'cf-mitigated': 'challenge', server: 'cloudflare' },
    }),
    code: 'blocked-in-between',
    billing: 'none',
  },
  'a permission with 403': {
    ...refused(403, {
      message: 'You have insufficient permissions for this operation. Missing scopes: api.model.images.request',
    }),
    code: 'permission-denied',
    billing: 'none',
    kept: 'Missing scopes',
  },
  'a key with 401': {
    ...refused(401, { message: 'Incorrect API key provided', code: 'invalid_api_key' }),
    code: 'key-missing',
    billing: 'none',
    kept: 'Incorrect API key',
  },
  'credit with 402': {
    ...refused(402, { message: 'Payment required' }),
    code: 'quota-exhausted',
    billing: 'none',
    kept: 'Payment required',
  },
  'a server error': { ...refused(500, { message: 'boom' }), code: 'server-failed', billing: 'possible', kept: 'boom' },
  'an error with status 200': {
    answer: json({ error: { message: 'boom' } }),
    code: 'server-failed',
    billing: 'possible',
    kept: 'boom',
  },
  'no credit with 429': {
    ...refused(429, { message: 'Check your plan', code: 'insufficient_quota' }, { 'retry-after': '1' }),
    code: 'quota-exhausted',
    billing: 'none',
    kept: 'Check your plan',
  },
  'a task with 202': { answer: json(queued, { status: 202 }), ...shown },
  'a task with 200': { answer: json({ task_id: 'task_1', status: 'processing' }), ...shown },
  'a wrapped task': { answer: json({ code: 0, data: { task_id: 'task_1', task_status: 'PENDING' } }), ...shown },
  'a task in a list': { answer: json({ code: 200, data: [{ status: 'submitted', task_id: 'task_1' }] }), ...shown },
  'a task without a state': {
    answer: json({ id: 'task_1', polling_url: 'ORIGIN/poll' }),
    gets: { '/poll': [json({ id: 'task_1', status: 'Ready', result: { sample: 'ORIGIN/files/image.png' } })] },
    slow: true,
  },
  'a task on another server': {
    answer: json(queued, { status: 202, headers: { location: 'http://127.0.0.2:9/t' } }),
    ...shown,
  },
  'a task at a location': {
    answer: json(queued, { status: 202, headers: { location: '/v1/tasks/1' } }),
    gets: { '/v1/tasks/1': [json(queued, { status: 202 }), whole] },
    slow: true,
  },
  'a task of a relay': {
    answer: json({ task_id: 't', status: 'submitted' }),
    kind: 'relay',
    gets: { '/v1/tasks/t': [whole] },
    slow: true,
  },
  'a task that fails': {
    answer: json({ ...queued, status_url: 'ORIGIN/t' }),
    gets: { '/t': [json({ id: 't', status: 'failed', error: { message: 'NSFW' } })] },
    code: 'server-failed',
    kept: 'NSFW',
    slow: true,
  },
};
