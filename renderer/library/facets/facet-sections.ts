import type { RangeField, ValueField } from '../../../electron/contract/entities/query.ts';
import { FIELD_NAMES } from '../query/filter-labels.ts';

export type SectionField = ValueField | Extract<RangeField, 'rating' | 'date' | 'cost'>;

/** A section of the panel. */
export interface FacetSection {
  field: SectionField;
  title: string;
  /** Unfolded until someone folds it. */
  isOpen: boolean;
}

const ORDER: readonly (readonly [SectionField, boolean])[] = [
  ['op', true],
  ['model', true],
  ['rating', true],
  ['is', false],
  ['tag', false],
  ['in', false],
  ['date', false],
  ['cost', false],
  ['has', false],
  ['size', false],
  ['ratio', false],
  ['format', false],
  ['quality', false],
  ['background', false],
  ['server', false],
];

export const SECTIONS: readonly FacetSection[] = ORDER.map(([field, isOpen]) => ({
  field,
  title: field === 'is' ? 'Marks and state' : FIELD_NAMES[field],
  isOpen,
}));
