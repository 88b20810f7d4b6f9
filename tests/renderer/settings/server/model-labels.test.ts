import { expect, test } from 'vitest';
import { shutdownLabel, sortModels } from '../../../../renderer/settings/server/model-labels.ts';

const now = Date.parse('2026-11-22T12:00:00Z');

test('models for images come first, in the catalogue’s order, with the day on which they go', () => {
  const { known, others } = sortModels(['whisper-1', 'gpt-image-1.5', 'gpt-4o', 'gpt-image-2.6-sunburst'], now);
  expect(known).toEqual([
    { name: 'gpt-image-2.6-sunburst', state: 'Current', leaving: false },
    { name: 'gpt-image-1.5', state: 'Shuts down 1 Dec, in 9 days', leaving: true },
  ]);
  expect(others).toEqual(['gpt-4o', 'whisper-1']);
});

test('a shutdown is told from where one stands', () => {
  expect(shutdownLabel('2026-11-23', now)).toBe('Shuts down 23 Nov, tomorrow');
  expect(shutdownLabel('2026-10-23', now)).toBe('Shut down at OpenAI on 23 Oct 2026');
});
