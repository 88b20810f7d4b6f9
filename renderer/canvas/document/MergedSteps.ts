import type { CanvasDocument } from './CanvasDocument.svelte.ts';
import type { Step } from './step.ts';

/** Steps of one kind in a row, as of a key that is held or a slider that is dragged, are one step for undo. */
export class MergedSteps {
  #last: { kind: string; step: Step } | null = null;

  /**
   * Commits a step. Where the step in effect is the last that was committed here, and of the same kind, it takes its place:
   * `merge` makes one of both.
   */
  commit<S extends Step>(document: CanvasDocument, kind: string, step: S, merge: (before: S, after: S) => S): void {
    const present = document.steps[document.at - 1];
    const merges = this.#last?.kind === kind && present === this.#last.step && present.layer === step.layer;
    if (merges) document.undo();
    const committed = merges ? merge(present as S, step) : step;
    document.commit(committed);
    this.#last = { kind, step: committed };
  }
}
