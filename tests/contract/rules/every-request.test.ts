import fc from '../../fast-check.ts';
import { expect, test } from 'vitest';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import { MODELS } from '../../../electron/contract/catalogue/models.ts';
import {
  BACKGROUNDS,
  COMPLEXITIES,
  EFFORTS,
  FIDELITIES,
  FORMATS,
  MODERATIONS,
  OPERATIONS,
  QUALITIES,
  RESPONSE_FORMATS,
  STYLES,
  type Operation,
  type Parameters,
} from '../../../electron/contract/catalogue/parameters.ts';
import { omitUnsupportedParameters } from '../../../electron/contract/rules/omit-parameters.ts';
import { checkParameters, PARAMETERS_OF } from '../../../electron/contract/rules/parameter-rules.ts';
import { STANDARD_SERVER } from '../../../electron/contract/catalogue/servers.ts';
import { fieldsToJson, readParameters } from '../../../electron/demo-api/request/parameters.ts';
import { ApiError } from '../../../electron/demo-api/request/api-error.ts';
import { buildRequest, type Connection, type ImageCall } from '../../../electron/images-api/request/build-request.ts';

const CONNECTION = {
  baseUrl: 'http://127.0.0.1:1/v1',
  apiKey: null,
  organisation: null,
  project: null,
  server: STANDARD_SERVER,
  apiVersion: null,
  deployments: {},
  proxy: null,
} as Connection;

/** Mostly listed values, sometimes others, sometimes none. */
const maybe = <T>(values: readonly T[]): fc.Arbitrary<T | null | undefined> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...values) },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
const size = fc.oneof(
  fc.constantFrom('auto', '1024x1024', '1536x1024', '512x512', '256x256', '1792x1024', '3840x2160', '0x0', 'large'),
  fc.tuple(fc.integer({ min: 1, max: 260 }), fc.integer({ min: 1, max: 260 })).map(([w, h]) => `${w * 16}x${h * 16}`),
  fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5000 })).map(([w, h]) => `${w}x${h}`),
);
const prompt = fc.oneof(
  { weight: 8, arbitrary: fc.string({ minLength: 1, maxLength: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom('', ' \n ') },
  { weight: 1, arbitrary: fc.integer({ min: 990, max: 32_010 }).map((length) => 'a'.repeat(length)) },
);

/** A form in any state, with all parameters, supported or not. */
const form: fc.Arbitrary<{ operation: Operation; parameters: Parameters }> = fc
  .record({
    operation: fc.constantFrom(...OPERATIONS),
    values: fc.record({
      prompt,
      model: fc.constantFrom(...MODELS.map(({ name }) => name)),
      n: maybe([1, 1, 2, 4, 10, 0, 11]),
      size: fc.oneof(size, fc.constant(undefined)),
      quality: maybe(QUALITIES),
      background: maybe(BACKGROUNDS),
      output_format: maybe(FORMATS),
      output_compression: maybe([0, 50, 100, 101]),
      stream: maybe([true, false]),
      partial_images: maybe([0, 2, 3, 4]),
      moderation: maybe(MODERATIONS),
      complexity: maybe(COMPLEXITIES),
      input_fidelity: maybe(FIDELITIES),
      style: maybe(STYLES),
      response_format: maybe(RESPONSE_FORMATS),
      frame_count: maybe([2, 4, 9, 16, 17]),
      frame_duration_ms: maybe([10, 200, 655_350, 5]),
      svg: maybe([{ model: 'an-author', reasoning: { effort: EFFORTS[2] } }]),
      safety_identifier: maybe(['someone']),
      user: fc.constantFrom('someone', undefined),
    }),
  })
  .map(({ operation, values }) => ({
    operation,
    // As in the form: parameters without a field aren't in the request.
    parameters: Object.fromEntries(
      Object.entries(values).filter(([name]) => [...PARAMETERS_OF[operation]].some((known) => known === name)),
    ),
  }));

/** The requests of one job, as planned by the queue: one image per request with streaming. */
function oneRequest(parameters: Parameters): Parameters {
  const streams = 'stream' in parameters && parameters.stream === true;
  return streams ? { ...parameters, n: 1 } : parameters;
}

/** The parameters of the request to be sent, parsed like the demo server does. Null: accepted. */
function refusalOf(operation: JobRequest['operation'], parameters: Parameters): ApiError | null {
  const call = { operation, parameters, inputs: [] } as ImageCall;
  const { body } = buildRequest(CONNECTION, call);
  if (!body) throw new Error('A request for images has a body.');
  const given = body.kind === 'json' ? (JSON.parse(body.text) as Record<string, unknown>) : fieldsToJson(body.fields);
  try {
    readParameters(operation, given);
    return null;
  } catch (thrown) {
    if (thrown instanceof ApiError) return thrown;
    throw thrown;
  }
}

test('in 10,000 random forms, valid requests are accepted and problems name their field', () => {
  const seen = { sent: 0, refused: 0, omitted: 0 };
  fc.assert(
    fc.property(form, ({ operation, parameters }) => {
      const { sent, omitted } = omitUnsupportedParameters(operation, parameters);
      const problems = checkParameters(operation, sent);
      seen.omitted += omitted.length;
      if (problems.length === 0) {
        seen.sent += 1;
        expect(refusalOf(operation, oneRequest(sent))?.message ?? null).toBeNull();
        return;
      }
      seen.refused += 1;
      for (const { field, message } of problems) {
        expect(PARAMETERS_OF[operation].has(field)).toBe(true);
        expect(message).toMatch(/^\S.{8,}\.$/su);
        expect(message).not.toMatch(/undefined|null|_|\[object/u);
      }
      // Nothing is rejected that the server would accept.
      expect(refusalOf(operation, sent)).not.toBeNull();
    }),
    { numRuns: 10_000 },
  );
  // The test is meaningful only if all three outcomes are frequent.
  expect(Math.min(seen.sent, seen.refused, seen.omitted)).toBeGreaterThan(1000);
});
