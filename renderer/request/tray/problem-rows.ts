import type { InputFix, InputProblem } from '../../../electron/contract/rules/input-rules.ts';

/** The problems of one input, as one row below the tray. */
export interface ProblemRow {
  /** Stable key of the row. */
  key: string;
  /** "Image 2", "Mask"; '' where an input is missing. */
  subject: string;
  messages: string[];
  /** Fixes, the best first. */
  fixes: InputFix[];
  /** The problem that the fix is applied to; a fix also satisfies the rule's other limits. */
  problem: InputProblem;
}

const SUBJECTS = { mask: 'Mask', markup: 'Markup' } as const;

/**
 * Problems grouped by input, so that each input is encoded only once. Images beyond the limit are one row with one fix.
 */
export function problemRows(problems: readonly InputProblem[]): ProblemRow[] {
  const rows = [...Map.groupBy(problems, keyOf)].map(([key, faults]) => rowOf(key, faults));
  return rows.filter((row) => row !== null);
}

function keyOf({ role, position, fixes }: InputProblem): string {
  return role === 'image' && fixes[0] === 'remove' ? 'extra' : `${role} ${position}`;
}

function rowOf(key: string, faults: readonly InputProblem[]): ProblemRow | null {
  const [problem] = faults;
  if (!problem) return null;
  return {
    key,
    problem,
    subject: subjectOf(key, problem),
    messages: [...new Set(faults.map(({ message }) => message))],
    fixes: settle(faults.flatMap(({ fixes }) => fixes)),
  };
}

function subjectOf(key: string, { role, position, fixes }: InputProblem): string {
  if (role !== 'image') return SUBJECTS[role];
  // A missing image, or images beyond the limit.
  return key === 'extra' || fixes.length === 0 ? '' : `Image ${position + 1}`;
}

/** Removes fixes that another fix includes. */
function settle(fixes: readonly InputFix[]): InputFix[] {
  const own = new Set(fixes);
  const whole = (['square', 'first-frame'] as const).find((fix) => own.has(fix));
  if (whole) return [whole];
  if (own.size > 1) own.delete('upright');
  return [...own];
}

/** The label of a fix's button. */
export function fixLabel(fix: InputFix, problem: InputProblem): string {
  switch (fix) {
    case 'scale-down':
      return 'Scale down to fit';
    case 're-encode':
      return problem.fixes.includes('scale-down') ? 'Compress to fit' : 'Convert';
    case 'upright':
      return 'Rotate upright';
    case 'first-frame':
      return 'Use the first frame';
    case 'square':
      return 'Make square';
    case 'fit-mask':
      return 'Fit to the first image';
    case 'convert':
      return 'Convert to sRGB';
    case 'remove':
      return 'Remove';
  }
}
