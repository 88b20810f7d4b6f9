import { describe, expect, test } from 'vitest';
import { ENDPOINTS } from '../../electron/contract/endpoints.ts';
import { StudioError } from '../../electron/contract/errors/errors.ts';
import { createCallTimes } from '../../electron/log/log.ts';
import { createDispatch, type Handlers } from '../../electron/studio/handlers/dispatch.ts';

const IMAGE = '01890000-0000-7000-8000-000000000000';
const INPUT = { role: 'image', image: IMAGE, sha256: 'ab'.repeat(32) };

/** A dispatcher whose handlers record their payloads. */
function testDispatch(handle: () => unknown = () => null): {
  dispatch: ReturnType<typeof createDispatch>;
  handled: unknown[];
  log: string[];
} {
  const handled: unknown[] = [];
  const log: string[] = [];
  const entries = Object.keys(ENDPOINTS).map((name) => [
    name,
    (payload: unknown) => {
      handled.push(payload);
      return handle();
    },
  ]);
  const handlers = Object.fromEntries(entries) as Handlers;
  return {
    dispatch: createDispatch(handlers, (sentence) => log.push(sentence), createCallTimes({ call: () => undefined })),
    handled,
    log,
  };
}

const edit = (parameters: object): object => ({
  operation: 'edit',
  profileId: 'demo',
  parameters: { prompt: 'a fox', ...parameters },
  inputs: [INPUT],
});
/** A payload of `jobs.create`. */
const createPayload = (request: object): object => ({ id: IMAGE, request, overCap: false });

describe('a list in place of an object', () => {
  test.each(Object.keys(ENDPOINTS))('is refused as the payload of %s', async (endpoint) => {
    const { dispatch, handled } = testDispatch();
    expect(await dispatch(endpoint, [])).toMatchObject({ error: { code: 'bad-payload', billing: 'none' } });
    expect(handled).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['the parameters', { ...edit({}), parameters: Object.assign([], { prompt: 'a fox' }) }, 'parameters'],
    ['an object among the parameters', edit({ svg: [] }), 'svg'],
    ['a nested object', edit({ svg: { reasoning: [] } }), 'svg.reasoning'],
    ['an input', { ...edit({}), inputs: [Object.assign([], INPUT)] }, 'inputs.0'],
  ])('is refused for %s', async (_name, payload, field) => {
    const { dispatch, handled } = testDispatch();
    expect(await dispatch('jobs.create', createPayload(payload))).toMatchObject({
      error: { code: 'bad-payload', field },
    });
    expect(handled).toEqual([]);
  });

  test('valid lists and objects are passed on unchanged', async () => {
    const { dispatch, handled } = testDispatch();
    const payload = createPayload(edit({ svg: { reasoning: { effort: 'low' } } }));
    expect(await dispatch('jobs.create', payload)).toEqual({ ok: null });
    expect(handled).toEqual([payload]);
  });
});

describe('dispatch', () => {
  test.each([null, undefined, 'theme', 1, true])('refuses %s as a payload', async (payload) => {
    const { dispatch, handled } = testDispatch();
    expect(await dispatch('settings.change', payload)).toMatchObject({ error: { code: 'bad-payload' } });
    expect(handled).toEqual([]);
  });

  test.each(['', 'jobs', 'jobs.explode', 'constructor', '__proto__', 'toString'])(
    'refuses the unknown endpoint “%s”',
    async (name) => {
      expect(await testDispatch().dispatch(name, {})).toMatchObject({ error: { code: 'unknown-endpoint' } });
    },
  );

  test('returns an expected error unchanged and does not log it', async () => {
    const error = new StudioError({ code: 'rate-limited', message: 'Busy.', billing: 'none' });
    const { dispatch, log } = testDispatch(() => {
      throw error;
    });
    expect(await dispatch('jobs.list', {})).toEqual({ error: error.report });
    expect(log).toEqual([]);
  });

  test('hides the details of an unexpected error and logs it', async () => {
    const { dispatch, log } = testDispatch(() => {
      throw new TypeError('secret detail at /home/somebody');
    });
    const outcome = await dispatch('jobs.list', {});
    expect(outcome).toMatchObject({ error: { code: 'internal' } });
    expect(JSON.stringify(outcome)).not.toContain('secret detail');
    expect(log).toEqual(['jobs.list failed']);
  });
});

const PROFILE = { id: null, name: 'n', baseUrl: 'http://localhost/v1', organisation: null, project: null };

test('an unknown endpoint isn’t quoted', async () => {
  const outcome = await testDispatch().dispatch('sk-canary', {});
  expect(outcome).toMatchObject({ error: { code: 'unknown-endpoint' } });
  expect(JSON.stringify(outcome)).not.toContain('canary');
});

test.each([
  ['profiles.setKey', 'sk-canary'],
  ['profiles.setKey', { profileId: ['sk-canary'], key: 'x' }],
  ['settings.change', { theme: 'sk-canary' }],
  ['settings.change', { proxy: 'http://me:sk-canary@proxy.example' }],
  ['settings.change', { 'sk-canary': 1 }],
  ['settings.change', { canaryscanaryscanary: 1 }],
  ['settings.change', { proxy: { mode: 'sk-canary' } }],
  ['settings.change', { proxy: { mode: 'manual', url: ['sk-canary'] } }],
  ['settings.change', { prices: [{ model: 'm', date: 'sk-canary', prices: {} }] }],
  ['profiles.save', { ...PROFILE, deployments: { 'sk-canary': 5 } }],
  ['profiles.save', { ...PROFILE, overrides: { 'sk-canary': true } }],
  ['profiles.save', { ...PROFILE, name: 'sk-canary'.repeat(50) }],
  ['profiles.save', { ...PROFILE, server: 'sk-canary" but received 5' }],
  ['profiles.remove', { profileId: 'SK-canary' }],
  ['jobs.create', createPayload(edit({ size: { 'sk-canary': 'sk-canary' } }))],
  ['jobs.create', createPayload(edit({ 'sk-canary': 'sk-canary' }))],
])('the error of %s does not quote the invalid value', async (endpoint, payload) => {
  const outcome = await testDispatch().dispatch(endpoint, payload);
  expect(outcome).toMatchObject({ error: { code: 'bad-payload' } });
  expect(JSON.stringify(outcome)).not.toContain('canary');
});
