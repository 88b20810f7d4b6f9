import type {
  ImageCreateVariationParams,
  ImageEditParams,
  ImageEditParamsBase,
  ImageGenerateParams,
  ImageGenerateParamsBase,
} from 'openai/resources/images';
import { expectTypeOf, test } from 'vitest';
import type {
  CreateParameters,
  EditParameters,
  VariationParameters,
} from '../../../electron/contract/catalogue/parameters.ts';

/*
 * The compiler compares our parameters with those of the official client, version 7.57.0 (`npm run check`). A parameter that was added or
 * removed there fails the first assertion of its operation; a value that we do not accept fails the second; a value that only we accept
 * fails the third, unless the parameter is listed there.
 */

type Files = 'image' | 'mask' | 'markup';
/** Parameters that only one side has. */
type Difference<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs> | Exclude<keyof Theirs, keyof Ours>;
/** Parameters with values that we do not accept. */
type ProbeResponse<Ours, Theirs> = {
  [Name in keyof Theirs & keyof Ours]-?: Theirs[Name] extends Ours[Name] ? never : Name;
}[keyof Theirs & keyof Ours];
/** Parameters with values that only we accept. */
type Surplus<Ours, Theirs> = {
  [Name in keyof Theirs & keyof Ours]-?: [Ours[Name]] extends [Theirs[Name]] ? never : Name;
}[keyof Theirs & keyof Ours];
/** Parameters that are required on one side only. */
type Demanded<T> = { [Name in keyof T]-?: object extends Pick<T, Name> ? never : Name }[keyof T];

type Drawing<P extends { svg?: unknown }> = NonNullable<P['svg']>;
type Effort<P extends { svg?: { reasoning?: { effort?: unknown } | null } | null }> = NonNullable<
  NonNullable<P['svg']>['reasoning']
>['effort'];

type TheirCreate = ImageGenerateParamsBase;
type TheirEdit = Omit<ImageEditParamsBase, Files>;
type TheirVariation = Omit<ImageCreateVariationParams, Files>;

test('create accepts what the official client accepts', () => {
  expectTypeOf<Difference<CreateParameters, TheirCreate>>().toEqualTypeOf<never>();
  expectTypeOf<ProbeResponse<CreateParameters, TheirCreate>>().toEqualTypeOf<never>();
  expectTypeOf<Surplus<CreateParameters, TheirCreate>>().toEqualTypeOf<never>();
  expectTypeOf<Demanded<CreateParameters>>().toEqualTypeOf<Demanded<TheirCreate>>();
  expectTypeOf<ImageGenerateParams>().toExtend<CreateParameters>();
});

test('edit accepts what the official client accepts, except files', () => {
  expectTypeOf<Difference<EditParameters, TheirEdit>>().toEqualTypeOf<never>();
  expectTypeOf<ProbeResponse<EditParameters, TheirEdit>>().toEqualTypeOf<never>();
  // Quality: `hd` too, which is create's only; one list serves both. Drawing: the effort may be null too, as it may be there to create.
  expectTypeOf<Surplus<EditParameters, TheirEdit>>().toEqualTypeOf<'quality' | 'svg'>();
  expectTypeOf<Exclude<EditParameters['quality'], TheirEdit['quality']>>().toEqualTypeOf<'hd'>();
  expectTypeOf<Exclude<Effort<EditParameters>, Effort<TheirEdit>>>().toEqualTypeOf<null>();
  expectTypeOf<Surplus<Drawing<EditParameters>, Drawing<TheirEdit>>>().toEqualTypeOf<'reasoning'>();
  expectTypeOf<Demanded<EditParameters>>().toEqualTypeOf<Demanded<TheirEdit>>();
  expectTypeOf<keyof ImageEditParamsBase & Files>().toEqualTypeOf<Files>();
  expectTypeOf<Omit<ImageEditParams, Files>>().toExtend<EditParameters>();
});

test('variation accepts what the official client accepts, except its file', () => {
  expectTypeOf<Difference<VariationParameters, TheirVariation>>().toEqualTypeOf<never>();
  expectTypeOf<ProbeResponse<VariationParameters, TheirVariation>>().toEqualTypeOf<never>();
  // Size: any, since compatible servers have other sizes than the three of dall-e-2.
  expectTypeOf<Surplus<VariationParameters, TheirVariation>>().toEqualTypeOf<'size'>();
  expectTypeOf<Demanded<VariationParameters>>().toEqualTypeOf<Demanded<TheirVariation>>();
  expectTypeOf<keyof ImageCreateVariationParams & Files>().toEqualTypeOf<'image'>();
  expectTypeOf<TheirVariation>().toExtend<VariationParameters>();
});

test('the comparison detects differences', () => {
  expectTypeOf<Difference<CreateParameters, TheirCreate & { brand_new?: string }>>().toEqualTypeOf<'brand_new'>();
  expectTypeOf<Difference<CreateParameters & { ours_only?: 1 }, TheirCreate>>().toEqualTypeOf<'ours_only'>();
  expectTypeOf<
    ProbeResponse<CreateParameters, Omit<TheirCreate, 'quality'> & { quality?: 'ultra' }>
  >().toEqualTypeOf<'quality'>();
  expectTypeOf<
    Surplus<CreateParameters, Omit<TheirCreate, 'style'> & { style?: 'vivid' | null }>
  >().toEqualTypeOf<'style'>();
  expectTypeOf<Demanded<{ a: 1; b?: 2 }>>().toEqualTypeOf<'a'>();
});
