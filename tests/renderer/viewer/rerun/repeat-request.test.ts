import { expect, test } from 'vitest';
import type { ImageId, ProfileId, Sha256 } from '../../../../electron/contract/entities/ids.ts';
import type { ImageRecord } from '../../../../electron/contract/entities/image-records.ts';
import { findModel, MODELS } from '../../../../electron/contract/catalogue/models.ts';
import { STANDARD_SERVER, resolveServer } from '../../../../electron/contract/catalogue/servers.ts';
import { repeatWithModel } from '../../../../renderer/viewer/rerun/repeat-request.ts';
import { requestFromRecord } from '../../../../renderer/state/request-from-record.ts';
import { retirementOf } from '../../../../renderer/viewer/rerun/retirement.ts';
import { uuid } from '../../state/scripted-studio.ts';
import { imageRecord } from '../image-record.ts';

const profileId = 'demo' as ProfileId;
const at = (date: string): number => Date.parse(`${date}T12:00:00Z`);
const openai = resolveServer({ server: 'openai', found: null, overrides: {} });
const on = (record: ImageRecord, model: string, server = STANDARD_SERVER) =>
  repeatWithModel(record, { model, profileId, server });

test('a model’s shutdown is announced 60 days before, with the date and its successor', () => {
  expect(retirementOf('gpt-image-1.5', at('2026-10-01'))).toBeNull();
  expect(retirementOf('gpt-image-1.5', at('2026-11-22'))).toEqual({
    model: 'gpt-image-1.5',
    successor: 'gpt-image-2.6-sunburst',
    words: 'gpt-image-1.5 shuts down at OpenAI on 1 Dec 2026, in 9 days.',
  });
  expect(retirementOf('gpt-image-1.5', at('2026-11-30'))?.words).toContain('2026, tomorrow.');
  expect(retirementOf('gpt-image-1', at('2026-11-22'))?.words).toMatch(
    /^gpt-image-1 was shut down at OpenAI on 23 Oct/u,
  );
  expect(retirementOf('gpt-image-2.6-sunburst', at('2026-11-22'))).toBeNull();
  expect(retirementOf('some-other-model', at('2026-11-22'))).toBeNull();
});

test('the request of a record equals the sent one, with inputs in order', () => {
  const parameters = { prompt: 'x', model: 'gpt-image-1.5', input_fidelity: 'high' as const };
  const inputs = [
    { role: 'image' as const, position: 0, sha256: 'a'.repeat(64) as Sha256, imageId: uuid(1) as ImageId },
    { role: 'mask' as const, position: 1, sha256: 'b'.repeat(64) as Sha256, imageId: null },
  ];
  const record = imageRecord(1, {}, { operation: 'edit', parameters, inputs, variation: true, strict: { feather: 3 } });
  expect(requestFromRecord(record, profileId)).toEqual({
    operation: 'edit',
    profileId,
    parameters,
    variation: true,
    strict: { feather: 3 },
    inputs: [
      { role: 'image', sha256: 'a'.repeat(64), image: uuid(1) },
      { role: 'mask', sha256: 'b'.repeat(64), image: null },
    ],
  });
});

test('a request for the successor omits unsupported parameters and lists them', () => {
  const parameters = {
    prompt: 'x',
    model: 'dall-e-3',
    n: 1,
    size: '1792x1024',
    quality: 'hd' as const,
    style: 'vivid' as const,
    response_format: 'b64_json' as const,
    user: 'me',
  };
  const { request, omitted, problems } = on(imageRecord(7, {}, { parameters }), 'gpt-image-2.6-sunburst');
  expect(request).toEqual({
    operation: 'create',
    profileId,
    repeats: uuid(7),
    parameters: { prompt: 'x', model: 'gpt-image-2.6-sunburst', n: 1, size: '1792x1024', user: 'me' },
  });
  expect(omitted.map(({ field }) => field)).toEqual(['style', 'response_format', 'quality']);
  expect(omitted.at(-1)?.reason).toBe('gpt-image-2.6-sunburst doesn’t support the quality hd');
  expect(problems).toEqual([]);
});

test('one image is requested, however many the original request had', () => {
  const record = imageRecord(1, {}, { parameters: { prompt: 'x', model: 'gpt-image-1.5', n: 4 } });
  const { request, omitted } = on(record, 'gpt-image-2.6-sunburst');
  expect(request.parameters.n).toBe(1);
  expect(omitted).toEqual([{ field: 'n', reason: 'only one image is needed to compare' }]);
});

test('a variation becomes an edit without a variations endpoint', () => {
  const inputs = [{ role: 'image' as const, position: 0, sha256: 'a'.repeat(64) as Sha256, imageId: null }];
  const parameters = { model: 'dall-e-2', size: '256x256', n: 1 };
  const record = imageRecord(1, {}, { operation: 'variation', parameters, inputs });
  const { request, omitted, problems } = on(record, 'gpt-image-2.6-flare', openai);
  expect(request).toMatchObject({ operation: 'edit', variation: true, inputs: [{ role: 'image' }] });
  expect(request.parameters).toMatchObject({ prompt: expect.stringMatching(/variation/u) as string });
  expect(omitted.map(({ field }) => field)).toEqual(['size']);
  expect(problems).toEqual([]);
});

test('every request of a retiring model can be sent to its successor', () => {
  for (const { name, successor, qualities, formats, backgrounds, sizes } of MODELS) {
    if (successor === null) continue;
    const allSizes = sizes.kind === 'list' ? sizes.sizes : sizes.presets;
    for (const quality of qualities) {
      for (const size of allSizes) {
        for (const background of backgrounds.length > 0 ? backgrounds : [undefined]) {
          for (const output_format of formats) {
            if (background === 'transparent' && output_format === 'jpeg') continue;
            const parameters = { prompt: 'x', model: name, quality, size, background, output_format };
            const { problems } = on(imageRecord(1, {}, { parameters }), successor, openai);
            expect(problems).toEqual([]);
          }
        }
      }
    }
    expect(findModel(successor).successor).toBeNull();
  }
});
