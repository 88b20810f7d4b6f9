import { expect, test } from 'vitest';
import { findModel } from '../../../../electron/contract/catalogue/models.ts';
import { STANDARD_SERVER, resolveServer, type ProbeReport } from '../../../../electron/contract/catalogue/servers.ts';
import {
  listedModels,
  modelGroups,
  shutdownNote,
  type ModelGroup,
} from '../../../../renderer/request/model/model-groups.ts';
import { resolveForm } from '../../../../renderer/request/model/request-from-form.ts';
import { readForm, type RequestForm } from '../../../../renderer/state/request-form.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const found = (models: string[] | null): ProbeReport => ({ version: 1, at: 1, spent: false, models, lines: [] });

function groups(
  change: Partial<RequestForm> = {},
  models: string[] | null = null,
  server = STANDARD_SERVER,
): ModelGroup[] {
  const form = readForm({ prompt: 'Two pears', ...change });
  return modelGroups({ name: 'Studio', found: found(models) }, (model) => resolveForm({ ...form, model }, server), NOW);
}
const names = (list: ModelGroup[], group: string): string[] =>
  list.find(({ name }) => name === group)?.options.map(({ value }) => value) ?? [];

test('models that stay come first, then those that go, with the day and what follows', () => {
  const list = groups();
  expect(list.map(({ name }) => name)).toEqual(['Studio', 'Retiring', 'Shut down by OpenAI']);
  expect(names(list, 'Studio')[0]).toBe('gpt-image-2.6-sunburst');
  expect(list[1]?.options[0]).toEqual({
    value: 'gpt-image-1.5',
    note: 'Shuts down 1 Dec, in 9 days. Next: gpt-image-2.6-sunburst.',
    warns: true,
  });
  expect(names(list, 'Shut down by OpenAI')).toEqual(['gpt-image-1', 'dall-e-3', 'dall-e-2']);
});

test('what the probe found stands first, also names that the catalogue does not hold, and old ones that are there', () => {
  const list = groups({}, ['dall-e-2', 'gpt-image-2', 'somebody/own']);
  expect(names(list, 'Studio')).toEqual(['gpt-image-2', 'dall-e-2', 'somebody/own']);
  expect(names(list, 'Not listed by this server')).toContain('gpt-image-2.6-sunburst');
});

test('of a long list only what sounds like images is offered', () => {
  const many = Array.from({ length: 60 }, (_, index) => `gpt-text-${index}`);
  expect(listedModels({ found: found([...many, 'gpt-image-2', 'flux-dev']) })).toEqual(['gpt-image-2', 'flux-dev']);
  expect(listedModels({ found: null })).toBeNull();
});

test('a model that cannot do the request stands apart, with the reason', () => {
  const list = groups({ background: 'transparent', quality: 'max' });
  const cannot = list.find(({ name }) => name === 'Not supported for this request')?.options ?? [];
  expect(cannot.find(({ value }) => value === 'gpt-image-2')?.note).toBe('Quality Max: not supported by gpt-image-2');
  expect(names(list, 'Studio')).toContain('gpt-image-2.6-flare');
  const inputs = [
    { role: 'image' as const, sha256: 'a'.repeat(64) as RequestForm['inputs'][number]['sha256'], image: null },
  ];
  const edits = groups({ inputs }, null, resolveServer({ server: 'openai', found: null, overrides: {} }));
  expect(names(edits, 'Not supported for this request')).toContain('dall-e-3');
});

test('a day before, a day after, and a model that stays', () => {
  const model = findModel('gpt-image-1.5');
  expect(shutdownNote(model, Date.parse('2026-11-30T12:00:00Z'))).toMatch(/in 1 day\./u);
  expect(shutdownNote(model, Date.parse('2026-12-01T00:00:00Z'))).toMatch(/^Shut down by OpenAI on 1 Dec/u);
  expect(shutdownNote(findModel('gpt-image-2'), NOW)).toBeNull();
});
