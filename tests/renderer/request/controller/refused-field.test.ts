import { expect, test } from 'vitest';
import type { ErrorReport } from '../../../../electron/contract/errors/errors.ts';
import { refusedField, type Refusals } from '../../../../renderer/request/controller/refused-field.ts';

const sent = { model: 'gpt-image-2', prompt: 'a quay', size: '999x999' };
const error = (field: string, message: string): ErrorReport => ({
  code: 'request-refused',
  field,
  message,
  billing: 'none',
});
const NOTHING: Refusals = { refusal: null, refusedRequest: null, jobs: [] };
const job = (message: string, parameters: typeof sent): Refusals['jobs'][number] => ({
  error: error('size', message),
  request: { operation: 'create', profileId: 'demo', parameters } as Refusals['jobs'][number]['request'],
});

test('the latest job that was refused for the field says why', () => {
  const jobs = [job('Older.', sent), job('Too small.', sent)];
  expect(refusedField('size', sent, { ...NOTHING, jobs })).toBe('Too small.');
  expect(refusedField('prompt', sent, { ...NOTHING, jobs })).toBeNull();
});

test('a refused click is newer than any job', () => {
  const refused = { refusal: error('size', 'Refused.'), refusedRequest: { parameters: sent } };
  expect(refusedField('size', sent, { ...refused, jobs: [job('Too small.', sent)] })).toBe('Refused.');
});

test('another value isn’t refused', () => {
  const jobs = [job('Too small.', { ...sent, size: '512x512' })];
  expect(refusedField('size', sent, { ...NOTHING, jobs })).toBeNull();
});
