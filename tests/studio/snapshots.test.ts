import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { v7 as uuid } from 'uuid';
import { openTestStudio, until } from './test-studio.ts';

it('a snapshot is made when it is asked for, and listed', async () => {
  const { api, folder } = await openTestStudio();
  expect(await api.snapshots.list({})).toEqual([]);
  await api.snapshots.make({ runId: uuid() });
  await until(async () => (await api.runs.list({})).some(({ state }) => state === 'done'));
  const [run] = await api.runs.list({});
  const [made] = await api.snapshots.list({});
  expect(run).toMatchObject({ kind: 'snapshot', error: null, result: made });
  expect(made).toMatchObject({ reason: 'manual' });
  expect(existsSync(join(folder, 'library', 'snapshots', made?.name ?? ''))).toBe(true);
});
