import { describe, expect, test } from 'vitest';
import type { Sha256 } from '../../../electron/contract/entities/ids.ts';
import { preparationForFix } from '../../../electron/contract/rules/input-fixes.ts';
import { checkInputs, type InputFacts, type InputProblem } from '../../../electron/contract/rules/input-rules.ts';
import { findModel, MODELS } from '../../../electron/contract/catalogue/models.ts';
import type { Operation, OutputFormat } from '../../../electron/contract/catalogue/parameters.ts';

const MB = 1024 * 1024;
const NEWEST = findModel('gpt-image-2.6-sunburst');
const OLDER = findModel('gpt-image-2');
const DALL_E_2 = findModel('dall-e-2');

const image = (change: Partial<InputFacts> = {}): InputFacts => ({
  role: 'image',
  format: 'png',
  bytes: MB,
  width: 1024,
  height: 1024,
  hasAlpha: false,
  frames: 1,
  ...change,
});
const mask = (change: Partial<InputFacts> = {}): InputFacts => image({ role: 'mask', hasAlpha: true, ...change });
const markup = (change: Partial<InputFacts> = {}): InputFacts => image({ role: 'markup', hasAlpha: true, ...change });

const short = ({ role, position, fixes }: InputProblem): string => `${role} ${position}: ${fixes.join()}`;
const edit = (inputs: InputFacts[], model = NEWEST, format: OutputFormat | null = null): string[] =>
  checkInputs('edit', inputs, model, format).map(short);

describe('images of an edit', () => {
  test('are 1 to 16', () => {
    expect(checkInputs('edit', [], NEWEST)).toEqual([
      { role: 'image', position: 0, field: 'image', fixes: [], message: 'An edit needs an image. Add 1 to 16.' },
    ]);
    expect(edit(Array.from({ length: 16 }, () => image()))).toEqual([]);
    expect(edit(Array.from({ length: 18 }, () => image()))).toEqual(['image 16: remove', 'image 17: remove']);
  });

  test('are PNG, JPEG or WebP', () => {
    for (const format of ['png', 'jpeg', 'webp'] as const) expect(edit([image({ format })])).toEqual([]);
    expect(edit([image(), image({ format: 'gif' })])).toEqual(['image 1: re-encode']);
    expect(edit([image({ format: 'svg' })])).toEqual(['image 0: re-encode']);
    const [problem] = checkInputs('edit', [image({ format: 'gif' })], NEWEST);
    expect(problem?.message).toBe('This is GIF; supported: PNG, JPEG or WebP.');
  });

  test('are not animated', () => {
    expect(edit([image({ format: 'gif', frames: 9 })])).toEqual(['image 0: first-frame']);
    expect(edit([image({ format: 'webp', frames: 2 })])).toEqual(['image 0: first-frame']);
  });

  test('are below 50 MB, exact to the byte', () => {
    expect(edit([image({ bytes: 50 * MB - 1 })])).toEqual([]);
    expect(edit([image({ bytes: 50 * MB })])).toEqual(['image 0: scale-down,re-encode']);
    const [problem] = checkInputs('edit', [image({ bytes: 50 * MB + 1 })], NEWEST);
    expect(problem?.message).toBe('The file has 50.1 MB; it must be below 50 MB.');
  });

  test('have colours that servers read as a browser does', () => {
    const mask = { kind: 'photo', clear: 0, partial: 0 } as const;
    const coloured = (colour: 'srgb' | 'profile' | 'chunks' | 'cmyk'): InputFacts =>
      image({ details: { depth: 8, colour, mask, carries: [] } });
    expect(edit([coloured('srgb'), coloured('profile')])).toEqual([]);
    expect(edit([coloured('cmyk'), coloured('chunks')])).toEqual(['image 0: convert', 'image 1: convert']);
    const input = { sha256: 'a' as Sha256, format: 'jpeg', hasAlpha: false, width: 9, height: 9 } as const;
    expect(preparationForFix('convert', input, { operation: 'edit', model: NEWEST })).toMatchObject({ format: 'jpeg' });
  });

  test('have no EXIF rotation', () => {
    expect(edit([image({ orientation: 6 })])).toEqual(['image 0: upright']);
    expect(edit([image({ orientation: 1 })])).toEqual([]);
  });

  test('must be one square PNG below 4 MB for dall-e-2', () => {
    expect(edit([image()], DALL_E_2)).toEqual([]);
    expect(edit([image(), image()], DALL_E_2)).toEqual(['image 1: remove']);
    expect(edit([image({ width: 1000 })], DALL_E_2)).toEqual(['image 0: square']);
    expect(edit([image({ format: 'jpeg' })], DALL_E_2)).toEqual(['image 0: re-encode']);
    expect(edit([image({ bytes: 4 * MB })], DALL_E_2)).toEqual(['image 0: scale-down']);
    expect(edit([image({ bytes: 4 * MB - 1 })], DALL_E_2)).toEqual([]);
  });
});

describe('image of a variation', () => {
  test('is one square PNG below 4 MB for every model', () => {
    for (const model of MODELS) {
      expect(checkInputs('variation', [image()], model)).toEqual([]);
      const all = checkInputs('variation', [image({ format: 'webp', width: 900, bytes: 5 * MB })], model);
      expect(all.map(short)).toEqual(['image 0: re-encode', 'image 0: square', 'image 0: scale-down']);
    }
    expect(checkInputs('variation', [], NEWEST)[0]?.message).toBe('A variation needs an image. Add one.');
  });

  test('allows no mask and no markup', () => {
    expect(checkInputs('variation', [image(), mask(), markup()], NEWEST).map(short)).toEqual([
      'mask 0: remove',
      'markup 0: remove',
    ]);
  });
});

describe('mask', () => {
  test('is a PNG of the first image’s size with transparency', () => {
    expect(edit([image(), image({ width: 5 }), mask()])).toEqual([]);
    expect(edit([image(), mask({ format: 'webp' })])).toEqual(['mask 0: fit-mask']);
    expect(edit([image(), mask({ width: 1000 })])).toEqual(['mask 0: fit-mask']);
    expect(edit([image(), mask({ hasAlpha: false })])).toEqual(['mask 0: fit-mask']);
    expect(edit([image(), mask({ orientation: 3 })])).toEqual(['mask 0: fit-mask']);
    const [problem] = checkInputs('edit', [image(), mask({ width: 1000 })], NEWEST);
    expect(problem?.message).toBe('The mask is 1000 × 1024, the first image 1024 × 1024. They must be the same size.');
  });

  test('is below 4 MB, exact to the byte', () => {
    expect(edit([image(), mask({ bytes: 4 * MB - 1 })])).toEqual([]);
    expect(edit([image(), mask({ bytes: 4 * MB })])).toEqual(['mask 0: fit-mask']);
  });

  test('is a single file', () => {
    expect(edit([image(), mask(), mask()])).toEqual(['mask 1: remove']);
  });

  test('requires a model that supports it, and no GIF', () => {
    expect(edit([image(), mask()], { ...NEWEST, maskByteLimit: null })).toEqual(['mask 0: remove']);
    expect(edit([image(), mask()], NEWEST, 'gif')).toEqual(['mask 0: remove']);
    expect(edit([image(), mask()], NEWEST, 'svg')).toEqual([]);
  });
});

describe('markup', () => {
  test('is a PNG of the first image’s size with transparency, if the model supports it', () => {
    expect(edit([image(), markup()])).toEqual([]);
    expect(edit([image(), markup({ format: 'jpeg' })])).toEqual(['markup 0: ']);
    expect(edit([image(), markup({ height: 3 })])).toEqual(['markup 0: ']);
    expect(edit([image(), markup({ hasAlpha: false })])).toEqual(['markup 0: ']);
    expect(edit([image(), markup()], OLDER)).toEqual(['markup 0: remove']);
    expect(edit([image(), markup(), markup()])).toEqual(['markup 1: remove']);
  });

  test('is not allowed with a mask', () => {
    expect(edit([image(), mask(), markup()])).toEqual(['markup 0: remove']);
  });
});

test('an operation without images reports no image problems', () => {
  expect(checkInputs('create', [image({ format: 'gif' })], NEWEST)).toEqual([]);
  expect(checkInputs('edit', [image()], findModel('dall-e-3'))).toEqual([]);
});

describe('preparation for a fix', () => {
  const sha256 = 'a'.repeat(64) as Sha256;
  const preparation = (
    change: Partial<InputFacts>,
    fix: Parameters<typeof preparationForFix>[0],
    operation: Operation = 'edit',
  ) => preparationForFix(fix, { sha256, ...image(change) }, { operation, model: NEWEST }, 'pad');
  const below = 50 * MB;

  test('contains only what is needed', () => {
    expect(preparation({ bytes: 60 * MB }, 'scale-down')).toEqual({ sha256, format: 'png', longestEdge: 3840, below });
    expect(preparation({ bytes: 60 * MB }, 're-encode')).toEqual({ sha256, format: 'jpeg', below });
    expect(preparation({ bytes: 60 * MB, hasAlpha: true }, 're-encode')).toEqual({ sha256, format: 'webp', below });
    expect(preparation({ format: 'gif' }, 're-encode')).toEqual({ sha256, format: 'png', below });
    expect(preparation({ format: 'gif', frames: 3 }, 'first-frame')).toEqual({ sha256, format: 'png', below });
    expect(preparation({ format: 'jpeg', orientation: 6 }, 'upright')).toEqual({ sha256, format: 'jpeg', below });
  });

  test('meets all requirements of a variation at once', () => {
    const whole = { sha256, format: 'png', square: 'pad', below: 4 * MB };
    expect(preparation({ format: 'jpeg', width: 900 }, 'square', 'variation')).toEqual(whole);
    expect(preparation({ format: 'jpeg', width: 900 }, 're-encode', 'variation')).toEqual(whole);
    expect(preparation({ format: 'jpeg' }, 're-encode', 'variation')).toEqual({ sha256, format: 'png', below: 4 * MB });
  });
});
