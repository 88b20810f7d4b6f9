/** Why nothing is copied to a mirror folder. */
export type MirrorProblem =
  | 'gone'
  | 'no-record'
  | 'newer'
  | 'in-library'
  | 'has-library'
  | 'other-library'
  | 'watched'
  | 'full'
  | 'unwritable'
  | 'failed';

/** Ends a pass. What was copied until then is complete and remembered. */
export class MirrorStopped extends Error {
  readonly problem: MirrorProblem;

  constructor(problem: MirrorProblem) {
    super(`The mirror folder: ${problem}`);
    this.problem = problem;
  }
}

const AGAIN = 'Copying continues by itself when it is back.';
const ELSEWHERE = 'Choose another folder.';

/** What happened and what to do, for the person. */
export function mirrorSentence(problem: MirrorProblem, folder: string): string {
  switch (problem) {
    case 'gone':
      return `${folder} isn’t there. Connect its disk. ${AGAIN}`;
    case 'no-record':
      return `Emulsion’s record isn’t in ${folder}: its disk may be disconnected, or another folder may be in its place. ${AGAIN} If this is the right folder, stop and choose it again.`;
    case 'newer':
      return `A newer version of Emulsion copies images to ${folder}. Update Emulsion, or choose another folder.`;
    case 'in-library':
      return `${folder} is in the library’s own folder. ${ELSEWHERE}`;
    case 'has-library':
      return `The library is in ${folder}. Choose a folder beside it, or one on another disk.`;
    case 'other-library':
      return `${folder} belongs to another library. ${ELSEWHERE}`;
    case 'watched':
      return `${folder} is in the watched folder, so copies would be imported again. ${ELSEWHERE}`;
    case 'full':
      return `The disk of ${folder} is full. Images copied until now are complete. Free some space: copying then continues by itself.`;
    case 'unwritable':
      return `Emulsion can’t write to ${folder}. Images copied until now are complete. Make it writable: copying then continues by itself.`;
    case 'failed':
      return `Copying to ${folder} stopped because of an error, which is in Emulsion’s log. Images copied until now are complete. Emulsion tries again by itself.`;
  }
}
