import type { InputRecord } from '../../../electron/contract/entities/generations.ts';

/** The name of an input on screen: "Reference 2", "Mask", "Markup". */
export function inputLabel({ role, position }: Pick<InputRecord, 'role' | 'position'>): string {
  if (role === 'mask') return 'Mask';
  return role === 'markup' ? 'Markup' : `Reference ${position + 1}`;
}
