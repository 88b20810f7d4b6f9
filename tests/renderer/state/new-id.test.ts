import * as v from 'valibot';
import { expect, test } from 'vitest';
import { JobIdSchema } from '../../../electron/contract/entities/ids.ts';
import { newId } from '../../../renderer/state/new-id.ts';

test('an id is a UUID of version 7 that sorts by its time', () => {
  const ids = [0, 255, 256, 1_795_000_000_000, 1_795_000_000_001, 2 ** 48 - 1].map((now) => newId(now));
  expect(ids.toSorted()).toEqual(ids);
  for (const id of ids) {
    expect(v.is(JobIdSchema, id)).toBe(true);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
  }
  expect(newId(1_795_000_000_000).slice(0, 13)).toBe('01a1ee56-5e00');
});

test('two ids of one moment are two', () => {
  expect(new Set(Array.from({ length: 1000 }, () => newId(7))).size).toBe(1000);
});
