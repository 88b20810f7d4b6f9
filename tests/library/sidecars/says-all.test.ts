import { expect, it } from 'vitest';
import { saysAll } from '../../../electron/library/sidecars/says-all.ts';

const record = (changes: object = {}): string =>
  JSON.stringify({ version: 2, images: [{ id: 'a', rating: 3, tags: [{ id: 't' }], trashed_at: null }], ...changes });
const image = (changes: object): string =>
  record({ images: [{ id: 'a', rating: 3, tags: [{ id: 't' }], trashed_at: null, ...changes }] });

it.each([
  ['the same one', record()],
  ['one without fields of a later version', JSON.stringify({ version: 1, images: [{ id: 'a' }] })],
])('a record says all of %s', (_, earlier) => {
  expect(saysAll(record(), earlier)).toBe(true);
});

it.each([
  ['another value', image({ rating: 5 })],
  ['a value that was taken away', image({ trashed_at: '2026-12-01T00:00:00.000Z' })],
  ['more in a list', image({ tags: [{ id: 't' }, { id: 'u' }] })],
  ['less in a list', image({ tags: [] })],
  ['a field more', record({ error: 'x' })],
  ['a list for an object', record({ images: { 0: { id: 'a' } } })],
  ['half a record', record().slice(0, 40)],
  ['nothing', ''],
])('a record doesn’t say all of one with %s', (_, earlier) => {
  expect(saysAll(record(), earlier)).toBe(false);
});

it('an image that was taken from the trash isn’t said by a record that has it there', () => {
  expect(saysAll(image({ trashed_at: '2026-12-01T00:00:00.000Z' }), record())).toBe(false);
});
