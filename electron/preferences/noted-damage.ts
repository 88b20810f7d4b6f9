import type { SettingsDamage } from '../contract/entities/settings-damage.ts';

/** Damage that was noted earlier, and new damage; the same field of the same profile once. */
export function mergeDamage(
  earlier: readonly SettingsDamage[] | undefined,
  found: readonly SettingsDamage[],
): SettingsDamage[] {
  const isSame = (one: SettingsDamage, other: SettingsDamage): boolean =>
    one.field === other.field && one.profileId === other.profileId && one.of === other.of;
  return [...(earlier ?? []).filter((row) => !found.some((other) => isSame(row, other))), ...found];
}

/** The noted damage without the rows that a change has repaired; undefined if none is left, as in the settings file. */
export function withoutRepaired(
  noted: readonly SettingsDamage[] | undefined,
  isRepaired: (row: SettingsDamage) => boolean,
): SettingsDamage[] | undefined {
  const rest = (noted ?? []).filter((row) => !isRepaired(row));
  return rest.length > 0 ? rest : undefined;
}
