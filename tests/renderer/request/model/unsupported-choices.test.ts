import fc from '../../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { MODELS } from '../../../../electron/contract/catalogue/models.ts';
import {
  BACKGROUNDS,
  COMPLEXITIES,
  EFFORTS,
  FIDELITIES,
  FORMATS,
  MODERATIONS,
  QUALITIES,
  RESPONSE_FORMATS,
  STYLES,
} from '../../../../electron/contract/catalogue/parameters.ts';
import type { ProfileId, Sha256 } from '../../../../electron/contract/entities/ids.ts';
import { checkParameters, PARAMETERS_OF } from '../../../../electron/contract/rules/parameter-rules.ts';
import { STANDARD_SERVER, SERVER_KINDS, resolveServer } from '../../../../electron/contract/catalogue/servers.ts';
import { resetField } from '../../../../renderer/request/model/omitted-parameters.ts';
import { requestFromForm, resolveForm } from '../../../../renderer/request/model/request-from-form.ts';
import { readForm, type RequestForm } from '../../../../renderer/state/request-form.ts';

const form = (change: Partial<RequestForm>): RequestForm => readForm({ prompt: 'Two pears', ...change });
const of = (change: Partial<RequestForm>) => resolveForm(form(change), STANDARD_SERVER);

describe('a choice that a model lacks', () => {
  test.each<[string, Partial<RequestForm>, string, string, string]>([
    ['quality', { model: 'gpt-image-2', quality: 'xhigh' }, 'XHigh', 'not supported by gpt-image-2', 'Auto'],
    ['size', { model: 'gpt-image-1.5', size: '3840x2160' }, '3840 × 2160', 'not supported by gpt-image-1.5', 'Auto'],
    ['output_format', { model: 'gpt-image-2', format: 'gif' }, 'GIF', 'not supported by gpt-image-2', 'PNG'],
    [
      'background',
      { model: 'gpt-image-2', background: 'transparent' },
      'Clear',
      'not supported by gpt-image-2',
      'Auto',
    ],
    ['background', { format: 'jpeg', background: 'transparent' }, 'Clear', 'JPEG doesn’t support transparency', 'Auto'],
    ['n', { model: 'dall-e-3', count: 4 }, '4', 'dall-e-3 creates one image at a time', '1'],
    ['n', { format: 'svg', count: 4 }, '4', 'SVGs are created one at a time', '1'],
  ])('is put aside with its reason, and the default is sent: %s %j', (field, change, value, reason, instead) => {
    const resolved = of(change);
    expect(resolved.problems).toEqual([]);
    expect(resolved.omitted).toContainEqual({ field, value, reason, instead });
  });

  test('a size that came from another model is put aside, one that was written for this is a fault', () => {
    const small = { model: 'gpt-image-2.6-flare', size: '512x512' };
    expect(of({ ...small, sizeFor: 'dall-e-2' })).toMatchObject({ problems: [], sent: { size: 'auto' } });
    expect(of({ ...small, sizeFor: 'gpt-image-2.6-flare' }).problems[0]?.field).toBe('size');
  });

  test('fidelity that the model knows in part is put aside in an edit', () => {
    const inputs = [{ role: 'image' as const, sha256: 'a'.repeat(64) as Sha256, image: null }];
    const resolved = of({ model: 'gpt-image-1-mini', fidelity: 'high', inputs });
    expect(resolved.omitted[0]).toMatchObject({ field: 'input_fidelity', value: 'High', instead: 'Auto' });
    expect(resolved.sent).not.toHaveProperty('input_fidelity');
  });

  test('can be forgotten, and is then as it was in the beginning', () => {
    const wanted = form({ model: 'gpt-image-2', quality: 'xhigh', svgModel: 'x' });
    resetField(wanted, 'quality');
    resetField(wanted, 'svg.model');
    expect([wanted.quality, wanted.svgModel]).toEqual(['auto', '']);
  });
});

const anyForm: fc.Arbitrary<RequestForm> = fc
  .record({
    prompt: fc.constantFrom('a fox', '', 'a \\{b', 'x'.repeat(1200)),
    model: fc.constantFrom(...MODELS.map(({ name }) => name), 'somebody/own', ''),
    size: fc.constantFrom('auto', '1024x1024', '256x256', '1792x1024', '3840x2160', '17x17', 'big', '2048x2048'),
    sizeFor: fc.constantFrom('gpt-image-2', 'dall-e-2', 'somebody/own'),
    quality: fc.constantFrom(...QUALITIES),
    format: fc.constantFrom(...FORMATS),
    background: fc.constantFrom(...BACKGROUNDS),
    compression: fc.integer({ min: 0, max: 100 }),
    count: fc.integer({ min: 1, max: 10 }),
    stream: fc.boolean(),
    partials: fc.integer({ min: 0, max: 3 }),
    moderation: fc.constantFrom(...MODERATIONS),
    complexity: fc.constantFrom('auto', ...COMPLEXITIES),
    fidelity: fc.constantFrom('auto', ...FIDELITIES),
    style: fc.constantFrom('auto', ...STYLES),
    response: fc.constantFrom('auto', ...RESPONSE_FORMATS),
    frames: fc.integer({ min: 2, max: 16 }),
    frameTime: fc.integer({ min: 10, max: 2000 }),
    svgModel: fc.constantFrom('', 'gpt-5.5'),
    svgEffort: fc.constantFrom('auto', ...EFFORTS),
    safetyId: fc.constantFrom('', 'id'),
    user: fc.constantFrom('', 'me'),
    inputs: fc.constantFrom([], [{ role: 'image', sha256: 'a'.repeat(64), image: null }]),
    varying: fc.boolean(),
    variationPrompt: fc.constantFrom('Bluer', ''),
  })
  .map(readForm);

describe('any form', () => {
  const servers = SERVER_KINDS.map((server) => resolveServer({ server, found: null, overrides: {} }));
  /** What a person can mend where the fault is shown. */
  const MENDABLE = new Set(['prompt', 'model', 'size']);

  test('asks for what passes the check, or names a field that has a control', () => {
    fc.assert(
      fc.property(anyForm, fc.constantFrom(...servers), (wanted, server) => {
        const resolved = resolveForm(wanted, server);
        const { parameters, operation } = requestFromForm(resolved, wanted, 'demo' as ProfileId);
        const problems = wanted.model === '' ? [] : checkParameters(operation, parameters, server);
        if (resolved.problems.length === 0) expect(problems).toEqual([]);
        for (const { field } of resolved.problems) {
          expect(MENDABLE).toContain(field);
          // The prompt of an edit that stands for a variation is another one.
          if (field === 'prompt' && resolved.asEdit) continue;
          expect(resolved.omitted.filter((entry) => entry.field === field && entry.instead === null)).toEqual([]);
        }
        for (const name of Object.keys(parameters)) expect(PARAMETERS_OF[operation]).toContain(name);
      }),
      { numRuns: 5000 },
    );
  });

  test('comes back as it was when the model does: what is not sent is never lost', () => {
    fc.assert(
      fc.property(anyForm, fc.constantFrom(...MODELS.map(({ name }) => name), 'x'), (wanted, other) => {
        const before = resolveForm(wanted, STANDARD_SERVER);
        const kept = structuredClone(wanted);
        resolveForm({ ...wanted, model: other }, STANDARD_SERVER);
        expect(wanted).toEqual(kept);
        expect(resolveForm(wanted, STANDARD_SERVER)).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  test('has every parameter of its operation sent, told as not sent, or left at its default', () => {
    const defaults = readForm(null);
    fc.assert(
      fc.property(anyForm, fc.constantFrom(...servers), (wanted, server) => {
        const { sent, omitted, operation } = resolveForm(wanted, server);
        const told = new Set<string>(omitted.map(({ field }) => field.replace(/\..*$/u, '')));
        const set: Record<string, boolean> = {
          moderation: wanted.moderation !== defaults.moderation,
          complexity: wanted.complexity !== 'auto',
          input_fidelity: wanted.fidelity !== 'auto',
          style: wanted.style !== 'auto',
          response_format: wanted.response !== 'auto',
          safety_identifier: wanted.safetyId !== '',
          user: wanted.user !== '',
          output_compression: wanted.compression !== 100,
          partial_images: true,
          frame_count: true,
          frame_duration_ms: true,
          output_format: true,
          quality: wanted.quality !== 'auto',
          size: wanted.size !== 'auto',
          background: wanted.background !== 'auto',
          svg: wanted.svgModel !== '',
        };
        for (const [name, isSet] of Object.entries(set)) {
          if (isSet && !told.has(name))
            expect([operation, Object.keys(sent)]).toEqual([operation, expect.arrayContaining([name])]);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
