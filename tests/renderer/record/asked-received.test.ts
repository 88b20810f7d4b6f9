import { expect, test } from 'vitest';
import type { CreateParameters } from '../../../electron/contract/catalogue/parameters.ts';
import type { Generation } from '../../../electron/contract/entities/generations.ts';
import { differencesSentence } from '../../../renderer/record/asked-received.ts';
import { imageRecord, type GeneratedRecord } from '../viewer/image-record.ts';

/** What is said of an image of 1536 × 1024 in high quality, PNG and opaque that was asked for like this. */
function said(
  asked: Partial<CreateParameters>,
  change: Partial<GeneratedRecord> = {},
  request: Partial<Generation> = {},
) {
  const parameters = { prompt: 'A pear', model: 'gpt-image-2', ...asked };
  return differencesSentence(imageRecord(1, change, { parameters, ...request }), 'A pear');
}

test('nothing is said of what was left to the server, or received as asked for', () => {
  expect(said({})).toBe('');
  expect(said({ size: 'auto', quality: 'auto', background: 'auto' })).toBe('');
  expect(said({ size: '1536x1024', quality: 'high', background: 'opaque' })).toBe('');
  expect(said({ quality: 'low' }, {}, { answer: null })).toBe('');
});

test('size, quality, format and background that differ are said', () => {
  expect(said({ size: '1024x1024' })).toBe('Received size 1536 × 1024 instead of 1024 × 1024.');
  expect(said({ size: '1024x1024', quality: 'low', output_format: 'webp', background: 'transparent' })).toBe(
    'Received size 1536 × 1024 instead of 1024 × 1024, quality High instead of Low, format PNG instead of WebP, background Opaque instead of Transparent.',
  );
  expect(said({ size: '1024x1024' }, { width: 0, height: 0 })).toBe('');
});

test('a prompt that the server revised is said, one that it only trimmed isn’t', () => {
  expect(said({}, { revisedPrompt: 'A ripe pear' })).toBe('The server revised the prompt.');
  expect(said({}, { revisedPrompt: ' A pear ' })).toBe('');
  expect(said({ size: '1024x1024' }, { revisedPrompt: 'A ripe pear' })).toBe(
    'Received size 1536 × 1024 instead of 1024 × 1024. The server revised the prompt.',
  );
});
