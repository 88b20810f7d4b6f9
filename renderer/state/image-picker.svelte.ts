import type { ImageId } from '../../electron/contract/entities/ids.ts';
import type { IndexStatus } from '../../electron/contract/entities/views.ts';
import { FacetCounts } from './library/facet-counts.svelte.ts';
import { ImageView } from './library/image-view.svelte.ts';
import type { ViewSource } from './library/load-view.ts';
import { Question } from './library/question.svelte.ts';

/** What images are to be chosen for. */
export interface PickerRequest {
  /** Title of the dialog. */
  title: string;
  /** The most that can be chosen. With 1, choosing another replaces it. */
  max: number;
  /** The button where one is chosen. */
  confirm?: string;
  /** An image that can't be chosen. */
  without?: ImageId;
}

/** A picker that is open, with a search of its own: the library view keeps its place and its search. */
export interface OpenPicker {
  readonly request: PickerRequest;
  readonly question: Question;
  readonly view: ImageView;
  readonly counts: FacetCounts;
}

/** Choosing images of the library for something else: references, a mask, a comparison. One dialog, which the application shows. */
export class ImagePicker {
  /** Null while nothing is being chosen. */
  open = $state.raw<OpenPicker | null>(null);
  readonly #source: ViewSource;
  #settle: ((ids: ImageId[]) => void) | null = null;

  constructor(source: ViewSource) {
    this.#source = source;
  }

  /** Lets a person choose. @returns the images in the order in which they were chosen; none if that was cancelled */
  choose(request: PickerRequest): Promise<ImageId[]> {
    this.cancel();
    const question = new Question();
    question.grouping = 'month';
    const view = new ImageView(this.#source, question);
    view.start();
    this.open = { request, question, view, counts: new FacetCounts(this.#source.studio) };
    return new Promise((settle) => (this.#settle = settle));
  }

  /** The images were chosen. */
  finish(ids: ImageId[]): void {
    const settle = this.#settle;
    this.#settle = null;
    this.open?.question.stop();
    this.open?.view.stop();
    this.open = null;
    settle?.(ids);
  }

  cancel(): void {
    this.finish([]);
  }

  /** Takes the index' state from an event. */
  applyUpdate(status: IndexStatus): void {
    this.open?.view.applyUpdate(status);
  }
}
