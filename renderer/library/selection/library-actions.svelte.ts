import type { Collection } from '../../../electron/contract/entities/collections.ts';
import type { CollectionId, ImageId } from '../../../electron/contract/entities/ids.ts';
import { ImageActions } from '../../order/ImageActions.svelte.ts';
import { SummaryLoader } from '../../order/SummaryLoader.svelte.ts';
import { libraryTarget } from '../../order/target.ts';
import type { AppContext } from '../../state/app-context.ts';
import { shownCollection } from '../../state/library/question.svelte.ts';

/** What the library's grid does to images: to the selection, or to the image that has the focus. */
export class LibraryActions extends ImageActions {
  readonly #app: AppContext;
  readonly #summary: SummaryLoader;

  /** @param visible the first position on the screen */
  constructor(app: AppContext, visible: () => number, open: (imageId: ImageId) => void) {
    const { question, selection } = app.mirror.library;
    const summary = new SummaryLoader(app.studio);
    super({
      app,
      target: () => libraryTarget(app.mirror.library, visible()),
      place: () => question.place,
      summary: () => summary.value,
      collection: () => this.collection,
      open,
      // An editor shows and changes a selection: the image with the focus becomes one.
      beforeEditor: () => {
        if (selection.isEmpty && selection.current !== null) selection.only(selection.current);
      },
    });
    this.#app = app;
    this.#summary = summary;
  }

  /** The one collection that is shown, with images of its own. */
  get collection(): Collection | null {
    const { question, lists } = this.#app.mirror.library;
    const name = shownCollection(question.query.filters)?.toLowerCase();
    if (name === undefined || question.place === 'trash') return null;
    return lists.collections.find((each) => each.query === null && each.name.toLowerCase() === name) ?? null;
  }

  /** The collection whose own order is shown: images can be moved in it; null for any other order. */
  get arranged(): CollectionId | null {
    return this.#app.mirror.library.question.sort.by === 'collection' ? (this.collection?.id ?? null) : null;
  }

  /** Keeps the summary of the selection current, in an effect. */
  follow(): void {
    const { selection, view, changes } = this.#app.mirror.library;
    const target = selection.isEmpty ? null : this.target;
    this.#summary.follow(target, target === null ? '' : JSON.stringify(selection.value), [
      view.view?.revision,
      changes.recent,
    ]);
  }

  stop(): void {
    this.#summary.stop();
  }
}
