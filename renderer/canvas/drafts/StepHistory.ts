import type { StudioApi } from '../../../electron/contract/api.ts';
import type { DraftId, NodeId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { CanvasDocument, History } from '../document/CanvasDocument.svelte.ts';
import { readSteps, writeStep, type DraftFile } from './draft-file.ts';
import type { DraftSaver } from './DraftSaver.svelte.ts';

/** The stored steps of a draft: one history for each image of its tree. */
export class StepHistory {
  readonly #studio: StudioApi;
  readonly #saver: DraftSaver;
  readonly #draftId: DraftId;
  /** How many steps are undone, by image. */
  #undone: DraftFile['undone'] = {};
  /** The file that was drawn on, by image. */
  #drawnOn: DraftFile['drawnOn'] = {};

  constructor(studio: StudioApi, saver: DraftSaver, draftId: DraftId) {
    this.#studio = studio;
    this.#saver = saver;
    this.#draftId = draftId;
  }

  /** What the draft's head stores of it. */
  get head(): Pick<DraftFile, 'undone' | 'drawnOn'> {
    return { undone: this.#undone, drawnOn: this.#drawnOn };
  }

  restore({ undone, drawnOn }: Pick<DraftFile, 'undone' | 'drawnOn'>): void {
    this.#undone = undone;
    this.#drawnOn = drawnOn;
  }

  /**
   * Reads the history of an image, with steps that are not saved yet.
   * @throws StudioError where the library does not answer: a history that is not known is never an empty one
   */
  async read(node: NodeId): Promise<History> {
    await this.#saver.flush();
    const stored = await this.#studio.drafts.getSteps({ draftId: this.#draftId, node });
    const lines = this.#saver.stepsOf(this.#draftId, node, stored);
    return { ...readSteps(lines), at: Math.max(0, lines.length - (this.#undone[node] ?? 0)) };
  }

  /** The file that was drawn on; undefined where nothing was drawn. */
  fileOf(node: NodeId): Sha256 | undefined {
    return this.#drawnOn[node];
  }

  /** Saves the steps of an image from one on. */
  save(node: NodeId, document: CanvasDocument, from: number): void {
    this.#saver.queueSteps(this.#draftId, node, from, document.steps.slice(from).map(writeStep));
    this.remember(node, document);
    this.#drawnOn = { ...this.#drawnOn, [node]: document.image.sha256 };
  }

  /** Takes over how many steps are undone. A read-only document does not know: what is stored stays. */
  remember(node: NodeId, document: CanvasDocument): void {
    if (document.isReadOnly) return;
    this.#undone = { ...this.#undone, [node]: document.steps.length - document.at };
  }
}
