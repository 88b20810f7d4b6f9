import type { ComparedFact, SelectionSummary } from '../../../electron/contract/entities/annotations.ts';
import type { RecordRow } from '../../record/record-row.ts';
import { OPERATION_LABELS } from '../../record/record-rows.ts';
import { formatBytes } from '../../shared/format/bytes.ts';
import { formatCount, formatQuantity } from '../../shared/format/counts.ts';
import { formatKnownCost } from '../../shared/format/money.ts';
import { parameterName, parameterValueLabel } from '../../state/parameter-labels.ts';

const OPERATIONS: Readonly<Record<string, string>> = OPERATION_LABELS;

/** How each fact is called, and how many of it there are. */
const FACTS: readonly { fact: ComparedFact; label: string; several: string; show: (value: string) => string }[] = [
  { fact: 'op', label: 'Operation', several: 'operation', show: (value) => OPERATIONS[value] ?? value },
  { fact: 'model', label: parameterName('model'), several: 'model', show: (value) => value },
  { fact: 'size', label: parameterName('size'), several: 'size', show: (value) => value.replace('x', ' × ') },
  {
    fact: 'quality',
    label: parameterName('quality'),
    several: 'quality',
    show: (value) => parameterValueLabel('quality', value),
  },
  {
    fact: 'format',
    label: parameterName('output_format'),
    several: 'format',
    show: (value) => parameterValueLabel('output_format', value),
  },
  {
    fact: 'background',
    label: parameterName('background'),
    several: 'background',
    show: (value) => parameterValueLabel('background', value),
  },
];

/** What several images have in common: a value, or how many different ones there are. */
export function commonRows({ facts }: SelectionSummary): RecordRow[] {
  return FACTS.map(({ fact, label, several, show }) => {
    const { value, values } = facts[fact];
    if (values > 1)
      return {
        label,
        value: 'Mixed',
        hint: several === 'quality' ? `${values} levels` : formatQuantity(values, several),
      };
    return { label, value: value === '' ? 'Unknown' : show(value) };
  });
}

/** What they cost and need on the disk together. */
export function togetherRows({ images, bytes, cost }: SelectionSummary): RecordRow[] {
  const known = formatKnownCost(cost);
  return [
    {
      label: 'Cost',
      value: known === '' ? 'Unknown' : known,
      hint: known !== '' && cost.unknown > 0 ? `${formatCount(cost.unknown)} unknown` : undefined,
    },
    { label: 'On disk', value: formatBytes(bytes) },
    { label: 'Images', value: formatCount(images) },
  ];
}
