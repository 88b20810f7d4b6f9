import type { SpendingLine } from '../../../electron/contract/entities/spending.ts';

/** A line of the file. */
export const spendingLine = (change: Partial<SpendingLine> = {}): SpendingLine => ({
  generationId: 'g' as SpendingLine['generationId'],
  at: Date.UTC(2026, 10, 22, 11, 20, 41),
  profileId: 'p' as SpendingLine['profileId'],
  profile: 'OpenAI',
  operation: 'create',
  model: 'gpt-image-2',
  size: '1024x1024',
  quality: 'low',
  images: 1,
  inputTokens: 7,
  outputTokens: 272,
  cost: 8195,
  estimateMost: 9000,
  billing: 'billed',
  requestId: 'req_1',
  collections: [],
  prompt: 'a lighthouse',
  ...change,
});
