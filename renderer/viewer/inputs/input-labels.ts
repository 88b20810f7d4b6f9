import type { InputRecord } from '../../../electron/contract/entities/generations.ts';

/** What an image that went out is called on screen: "Reference 2", "Mask", "Markup". */
export function inputLabel({ role, position }: Pick<InputRecord, 'role' | 'position'>): string {
  if (role === 'mask') return 'Mask';
  return role === 'markup' ? 'Markup' : `Reference ${position + 1}`;
}
