import { describe, expect, test } from 'vitest';
import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import { DEFAULT_PROFILE_FIELDS } from '../../../electron/contract/entities/profiles.ts';
import { MODELS } from '../../../electron/contract/catalogue/models.ts';
import { buildProbeRequest } from '../../../electron/contract/rules/probe-request.ts';
import { checkParameters } from '../../../electron/contract/rules/parameter-rules.ts';

const NOW = Date.parse('2026-11-22');
const asked = (models: string[] | null, deployments: Record<string, string> = {}, now = NOW) =>
  buildProbeRequest(
    {
      ...DEFAULT_PROFILE_FIELDS,
      id: 'p' as ProfileId,
      deployments,
      found: models && { version: 1, at: 0, spent: false, models, lines: [] },
    },
    now,
  ).parameters;

describe('probe request', () => {
  test.each([
    [['gpt-image-2.6-sunburst', 'gpt-image-1-mini'], 'gpt-image-1-mini', '1024x1024', 'low'],
    [['gpt-4o', 'gpt-image-2.6-sunburst'], 'gpt-image-2.6-sunburst', '816x816', 'low'],
    [['dall-e-2'], 'dall-e-2', '256x256', undefined],
    [['llama', 'flux-dev'], 'flux-dev', '1024x1024', 'low'],
    [['sd-cpp-local'], 'sd-cpp-local', '1024x1024', 'low'],
    [null, 'gpt-image-2.6-sunburst', '816x816', 'low'],
  ])('for %j', (models, model, size, quality) => {
    expect(asked(models)).toMatchObject({ model, size, n: 1, stream: true, partial_images: 1 });
    expect(asked(models).quality).toBe(quality);
  });

  test('never uses a shut-down model, and uses only deployments if there are any', () => {
    expect(asked(['gpt-image-1-mini', 'gpt-image-2'], {}, Date.parse('2026-12-02')).model).toBe('gpt-image-2');
    expect(asked(['gpt-image-1-mini'], { 'gpt-image-2': 'paint' }).model).toBe('gpt-image-2');
  });

  test('has a valid size and quality for every model that creates', () => {
    for (const { name, operations } of MODELS) {
      if (!operations.includes('create')) continue;
      const { size, quality, prompt, model, n } = asked([name], {}, 0);
      expect(checkParameters('create', { prompt, model, n, size, quality }), name).toEqual([]);
    }
  });
});
