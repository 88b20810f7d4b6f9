import { expect, test } from 'vitest';
import type { ViewQuestion } from '../../electron/contract/entities/views.ts';
import { openTestStudio, whenIndexed } from './test-studio.ts';
import { ALL_IMAGES } from '../all-images.ts';

const all: ViewQuestion = { ...ALL_IMAGES, grouping: 'day' };

test('an empty library has an empty view, and its shape is served to GET only', async () => {
  const { api, studio } = await openTestStudio();
  await whenIndexed(api);
  const view = await api.views.ask({ question: all });
  expect(view).toMatchObject({ total: 0, all: 0, buckets: [], errors: [], byParts: false });
  expect(await api.views.rows({ viewId: view.id, from: 0, count: 10 })).toEqual([]);
  const shape = (path: string, method = 'GET'): Promise<Response> =>
    studio.serveViewShape(new Request(`http://studio${path}`, { method }));
  const served = await shape(`/index/${view.id}/shape`);
  expect(served.status).toBe(200);
  expect(served.headers.get('cache-control')).toBe('no-store');
  expect((await served.arrayBuffer()).byteLength).toBe(0);
  expect((await shape(`/index/${view.id}/shape`, 'POST')).status).toBe(405);
  expect((await shape('/index/nothing/shape')).status).toBe(410);
  for (const path of [
    '/index/../shape',
    '/index/%2e%2e/shape',
    '/index//shape',
    `/index/${'a'.repeat(65)}/shape`,
    '/index/A/shape',
  ])
    expect.soft((await shape(path)).status, path).toBe(404);
});
