import { describe, expect, test } from 'vitest';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { StudioError, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { CreateParameters } from '../../electron/contract/catalogue/parameters.ts';
import { STANDARD_SERVER } from '../../electron/contract/catalogue/servers.ts';
import { planGenerations } from '../../electron/jobs/plan-generations.ts';
import { jobRequest } from './test-job-service.ts';

function refused(request: JobRequest): ErrorReport {
  try {
    planGenerations(request, STANDARD_SERVER);
  } catch (thrown) {
    if (thrown instanceof StudioError) return thrown.report;
    throw thrown;
  }
  throw new Error('It was not refused.');
}

describe('the plan of a job', () => {
  test('n with streaming is n requests for one image each, with unique ids', () => {
    const plan = planGenerations(jobRequest('a fox', { n: 4, stream: true, partial_images: 2 }), STANDARD_SERVER);
    expect(plan.map(({ n, parameters }) => [n, parameters.n])).toEqual([1, 2, 3, 4].map(() => [1, 1]));
    expect(plan[3]?.parameters).toMatchObject({ stream: true, partial_images: 2, prompt: 'a fox' });
    expect(new Set(plan.map(({ id }) => id)).size).toBe(4);
  });

  test('without streaming it is one request for all images', () => {
    const request = jobRequest('a fox', { n: 4, stream: false });
    expect(planGenerations(request, STANDARD_SERVER)).toEqual([
      { id: expect.any(String) as string, n: 4, parameters: request.parameters, estimate: null },
    ]);
  });

  test('without n it is one image, and no n is added to the request', () => {
    const [only, ...more] = planGenerations(jobRequest('a fox', { n: null }), STANDARD_SERVER);
    expect(more).toEqual([]);
    expect(only?.n).toBe(1);
    expect(only?.parameters).not.toHaveProperty('n');
  });

  test('a model without streaming gets one request for all images, although streaming is on', () => {
    const [only, ...more] = planGenerations(
      jobRequest('a fox', {
        model: 'dall-e-2',
        n: 3,
        stream: true,
        partial_images: 3,
        size: '512x512',
        background: 'opaque',
      }),
      STANDARD_SERVER,
    );
    expect(more).toEqual([]);
    expect(only).toMatchObject({ n: 3, parameters: { model: 'dall-e-2', n: 3, size: '512x512' } });
    for (const dropped of ['stream', 'partial_images', 'background'])
      expect(only?.parameters).not.toHaveProperty(dropped);
  });

  test('a variation is planned from its own parameters', () => {
    const request = {
      ...jobRequest('unused'),
      operation: 'variation',
      parameters: { model: 'dall-e-2', n: 2, size: '256x256' },
      inputs: [],
    } as JobRequest;
    expect(planGenerations(request, STANDARD_SERVER)).toMatchObject([{ n: 2, parameters: request.parameters }]);
  });

  test.each<[string, Partial<CreateParameters>, string, string]>([
    ['an empty prompt', { prompt: '' }, 'prompt', 'prompt-empty'],
    ['a prompt of spaces', { prompt: ' \n\t' }, 'prompt', 'prompt-empty'],
    ['a prompt that is too long', { prompt: 'x'.repeat(32_001) }, 'prompt', 'prompt-too-long'],
    ['no images', { n: 0 }, 'n', 'parameter-invalid'],
    ['eleven images', { n: 11, stream: true }, 'n', 'parameter-invalid'],
    ['half an image', { n: 1.5 }, 'n', 'parameter-invalid'],
    ['a size that is none', { size: 'big' }, 'size', 'parameter-invalid'],
    ['a quality of another model', { quality: 'hd' }, 'quality', 'parameter-invalid'],
    ['four partial images', { stream: true, partial_images: 4 }, 'partial_images', 'parameter-invalid'],
    [
      'a compression over 100',
      { output_format: 'webp', output_compression: 101 },
      'output_compression',
      'parameter-invalid',
    ],
    [
      'a format that the model does not support',
      { model: 'gpt-image-2', output_format: 'gif' },
      'output_format',
      'parameter-invalid',
    ],
    [
      'a background that the model does not support',
      { model: 'gpt-image-2', background: 'transparent' },
      'background',
      'parameter-invalid',
    ],
    ['JPEG with transparency', { background: 'transparent', output_format: 'jpeg' }, 'background', 'parameter-invalid'],
  ])('%s is refused with its field', (_name, parameters, field, code) => {
    const report = refused(jobRequest('a fox', parameters));
    expect(report).toMatchObject({ code, field, billing: 'none' });
    expect(report.message).toMatch(/\. Nothing was sent\.$/u);
  });

  test('an operation that the model does not support is refused with the field model', () => {
    const request = { ...jobRequest('a fox', { model: 'dall-e-3' }), operation: 'edit', inputs: [] } as JobRequest;
    expect(refused(request)).toMatchObject({ code: 'parameter-invalid', field: 'model' });
  });
});
