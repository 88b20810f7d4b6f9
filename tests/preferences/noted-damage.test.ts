import { expect, it } from 'vitest';
import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import type { SettingsDamage } from '../../electron/contract/entities/settings-damage.ts';
import { mergeDamage, withoutRepaired } from '../../electron/preferences/noted-damage.ts';

const row = (change: Partial<SettingsDamage>): SettingsDamage => ({
  field: 'name',
  of: null,
  profileId: null,
  copy: null,
  ...change,
});
const [WORK, HOME] = ['work' as ProfileId, 'home' as ProfileId];

it('the same field of the same profile is noted once, with its latest copy', () => {
  const earlier = [row({ field: 'theme', copy: 'a' }), row({ profileId: WORK, copy: 'a' })];
  const found = [row({ profileId: WORK, copy: 'b' }), row({ profileId: HOME, copy: 'b' })];
  expect(mergeDamage(earlier, found)).toEqual([row({ field: 'theme', copy: 'a' }), ...found]);
  expect(mergeDamage(undefined, found)).toEqual(found);
});

it('fields of two models are two damages', () => {
  const prices = ['gpt-image-1', 'gpt-image-2'].map((of) => row({ field: 'prices', of }));
  expect(mergeDamage(prices.slice(0, 1), prices.slice(1))).toEqual(prices);
});

it('a list without rows isn’t kept', () => {
  const noted = [row({ profileId: WORK }), row({ profileId: HOME })];
  expect(withoutRepaired(noted, ({ profileId }) => profileId === WORK)).toEqual([row({ profileId: HOME })]);
  expect(withoutRepaired(noted, () => true)).toBeUndefined();
  expect(withoutRepaired(undefined, () => false)).toBeUndefined();
});
