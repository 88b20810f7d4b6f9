import type { CanvasDocument } from './CanvasDocument.svelte.ts';
import type { Step } from './step.ts';

/** Merges consecutive steps of one kind (a held key, a dragged slider) into one step for undo. */
export class MergedSteps {
  #last: { kind: string; step: Step } | null = null;

  /**
   * Commits a step. It replaces the step in effect if that was committed here last, with the same kind and layer: `merge` combines both.
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
