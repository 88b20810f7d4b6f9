import type { InputFix, InputProblem } from '../../../electron/contract/rules/input-rules.ts';

/** What is wrong with one input, as one row under the tray. */
export interface ProblemRow {
  /** Tells rows apart, also when their order changes. */
  key: string;
  /** Which it is: "Image 2", "Mask"; '' where one is missing. */
  subject: string;
  messages: string[];
  /** What to offer, the best first. */
  fixes: InputFix[];
  /** The fault that is mended; whatever else the rule wants is done in the same turn. */
  problem: InputProblem;
}

const SUBJECTS = { mask: 'Mask', markup: 'Markup' } as const;

/**
 * Faults by input, so that each is mended at once and encoded once. Images beyond the most that are taken are one row, since one deed
 * mends them.
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
  // An image that is missing, or some that are too many.
  return key === 'extra' || fixes.length === 0 ? '' : `Image ${position + 1}`;
}

/** A deed that does the work of others makes those superfluous. */
function settle(fixes: readonly InputFix[]): InputFix[] {
  const own = new Set(fixes);
  const whole = (['square', 'first-frame'] as const).find((fix) => own.has(fix));
  if (whole) return [whole];
  if (own.size > 1) own.delete('upright');
  return [...own];
}

/** What a button says that mends. */
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
    case 'remove':
      return 'Remove';
  }
}
