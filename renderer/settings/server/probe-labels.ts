import type { Overrides, ProbeResult, ProbeReport } from '../../../electron/contract/catalogue/servers.ts';

type Ability = ProbeResult['ability'];

/** A line of *What this server supports*. `pending`: not asked yet. */
export interface ProbeRow {
  ability: Ability;
  label: string;
  state: 'yes' | 'no' | 'unknown' | 'pending';
  /** Right column: duration, value, or reason. */
  hint: string;
  /** The evidence, with the server's message; '' while unknown. */
  why: string;
}

const LABELS: Readonly<Record<Ability, string>> = {
  models: 'List of models',
  create: 'Create',
  edit: 'Edit, mask, markup',
  variation: 'Variations',
  streaming: 'Streaming with partials',
  usage: 'Usage for costs',
  requestId: 'Request ID',
  imageField: 'Images sent as',
};

/** Rows about endpoints and about responses, in display order. */
export const ENDPOINT_ROWS = ['create', 'edit', 'variation'] as const;
export const ANSWER_ROWS = ['imageField', 'streaming', 'usage', 'requestId'] as const;

/** A row of the list from the findings so far. Overrides in the profile take precedence. */
export function probeRow(
  ability: Ability,
  report: ProbeReport | null,
  overrides: Overrides,
  asking: boolean,
): ProbeRow {
  const label = LABELS[ability];
  const line = report?.lines.find((one) => one.ability === ability);
  const said = overrideState(ability, overrides);
  if (said) return { ability, label, ...said, why: line?.why ?? '' };
  if (!line)
    return { ability, label, state: asking ? 'pending' : 'unknown', hint: asking ? '' : 'not checked', why: '' };
  return { ability, label, state: line.finding, hint: hintOf(line), why: line.why };
}

function overrideState(ability: Ability, overrides: Overrides): Pick<ProbeRow, 'state' | 'hint'> | null {
  if (ability === 'imageField')
    return overrides.imageField === undefined
      ? null
      : { state: 'yes', hint: `${imageFieldLabel(overrides.imageField)}, set by you` };
  if (ability !== 'create' && ability !== 'edit' && ability !== 'variation' && ability !== 'streaming') return null;
  const said = overrides[ability];
  return said === undefined ? null : { state: said ? 'yes' : 'no', hint: 'set by you' };
}

function hintOf({ ability, finding, value, why, tookMs }: ProbeResult): string {
  if (finding === 'unknown')
    return ability === 'streaming' || ability === 'usage' ? 'needs one test image' : 'uncertain';
  if (finding === 'no') {
    const status = /^\d{3}/u.exec(why)?.[0];
    const instead =
      ability === 'variation' ? 'edit is used' : ability === 'create' || ability === 'edit' ? 'not there' : 'no';
    return status ? `${status}, ${instead}` : instead;
  }
  if (ability === 'imageField') return imageFieldLabel(value ?? 'counted');
  if (ability === 'requestId') return why.length <= 24 ? why : 'yes';
  if (ability === 'usage') return 'yes';
  return `${Math.max(0.1, tookMs / 1000).toFixed(1)} s`;
}

/** Label for the form field that carries images. */
export function imageFieldLabel(field: NonNullable<Overrides['imageField']>): string {
  return field === 'counted' ? 'image or image[]' : field;
}

/** Why a probe stopped early, because the server may have billed; null if it didn't. */
export function stoppedBy(report: ProbeReport | null): string | null {
  return report?.lines.find(({ stopped }) => stopped)?.why ?? null;
}
