/** What a restore does, in order. It can be stopped in all of them but `replace`. */
export const RESTORE_STEPS = ['copy', 'migrate', 'records', 'files', 'prove', 'replace'] as const;
export type RestoreStep = (typeof RESTORE_STEPS)[number];

/** How far a restore is: in this step, with this part of it done, 0 to 1. */
export interface RestoreProgress {
  step: RestoreStep;
  part: number;
}
