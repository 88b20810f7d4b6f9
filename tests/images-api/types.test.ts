import type {
  ImageCreateVariationParams,
  ImageEditParams,
  ImageEditParamsBase,
  ImageGenerateParams,
  ImageGenerateParamsBase,
} from 'openai/resources/images';
import { expectTypeOf, test } from 'vitest';
import type { CreateParameters, EditParameters, VariationParameters } from '../../electron/contract/parameters.ts';

/*
 * The compiler holds our parameters against those of the official client, version 7.57.0 (`npm run check`). A parameter that appears
 * there or vanishes fails the first assertion of its operation; a value that we would not take fails the second.
 */

type Files = 'image' | 'mask' | 'markup';
/** Names that only one side has. */
type Difference<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs> | Exclude<keyof Theirs, keyof Ours>;
/** Names whose values there are more than we take. */
type Refused<Ours, Theirs> = {
  [Name in keyof Theirs & keyof Ours]-?: Theirs[Name] extends Ours[Name] ? never : Name;
}[keyof Theirs & keyof Ours];
/** Names that we ask for and they do not, or the other way round. */
type Demanded<T> = { [Name in keyof T]-?: object extends Pick<T, Name> ? never : Name }[keyof T];

type TheirCreate = ImageGenerateParamsBase;
type TheirEdit = Omit<ImageEditParamsBase, Files>;
type TheirVariation = Omit<ImageCreateVariationParams, Files>;

test('create takes what the official client takes', () => {
  expectTypeOf<Difference<CreateParameters, TheirCreate>>().toEqualTypeOf<never>();
  expectTypeOf<Refused<CreateParameters, TheirCreate>>().toEqualTypeOf<never>();
  expectTypeOf<Demanded<CreateParameters>>().toEqualTypeOf<Demanded<TheirCreate>>();
  expectTypeOf<ImageGenerateParams>().toExtend<CreateParameters>();
});

test('edit takes what the official client takes, files apart', () => {
  expectTypeOf<Difference<EditParameters, TheirEdit>>().toEqualTypeOf<never>();
  expectTypeOf<Refused<EditParameters, TheirEdit>>().toEqualTypeOf<never>();
  expectTypeOf<Demanded<EditParameters>>().toEqualTypeOf<Demanded<TheirEdit>>();
  expectTypeOf<keyof ImageEditParamsBase & Files>().toEqualTypeOf<Files>();
  expectTypeOf<Omit<ImageEditParams, Files>>().toExtend<EditParameters>();
});

test('variation takes what the official client takes, its file apart', () => {
  expectTypeOf<Difference<VariationParameters, TheirVariation>>().toEqualTypeOf<never>();
  expectTypeOf<Refused<VariationParameters, TheirVariation>>().toEqualTypeOf<never>();
  expectTypeOf<Demanded<VariationParameters>>().toEqualTypeOf<Demanded<TheirVariation>>();
});

test('the comparison notices what it should', () => {
  expectTypeOf<Difference<CreateParameters, TheirCreate & { brand_new?: string }>>().toEqualTypeOf<'brand_new'>();
  expectTypeOf<Difference<CreateParameters & { ours_only?: 1 }, TheirCreate>>().toEqualTypeOf<'ours_only'>();
  expectTypeOf<
    Refused<CreateParameters, Omit<TheirCreate, 'quality'> & { quality?: 'ultra' }>
  >().toEqualTypeOf<'quality'>();
  expectTypeOf<Demanded<{ a: 1; b?: 2 }>>().toEqualTypeOf<'a'>();
});
