import type { View, ViewId, ViewQuestion } from '../../contract/entities/views.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { Applied } from './apply-log.ts';
import { buildView, describe, type BuiltView } from './build-view.ts';
import { renumber } from './columns.ts';
import { todayOf, type Sources } from './evaluate.ts';

const MAX_VIEWS = 8;

interface StoredView extends BuiltView {
  view: View;
  /** What its query's words for days were resolved with. */
  day: string;
  /** Of the text index that its words were looked for in. */
  textVersion: number;
  /** Its sets are by older ordinals, so facets have to be found again. */
  outdated: boolean;
}

/** The newest views. An older one expires, and the page asks again. */
export class ViewStore {
  readonly #views = new Map<ViewId, StoredView>();
  readonly #prefix: string;
  #next = 1;

  /** @param prefix distinguishes the views of this thread from those of an earlier one */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** A question's view: the one that is there, if neither the library nor its text index nor the day has changed since. */
  ask(sources: Sources, question: ViewQuestion): View {
    const { revision } = sources.data;
    const day = todayOf(sources);
    const key = JSON.stringify(question);
    const textVersion = sources.text.version;
    const isSame = (stored: StoredView): boolean =>
      stored.view.revision === revision &&
      stored.day === day &&
      (question.query === '' || stored.textVersion === textVersion) &&
      JSON.stringify(stored.question) === key;
    for (const [id, stored] of this.#views)
      if (isSame(stored)) {
        this.#touch(id, stored);
        return stored.view;
      }
    const built = buildView(sources, question);
    const id = `${this.#prefix}-${this.#next}`;
    this.#next += 1;
    const view: View = {
      id,
      revision,
      ...describe(sources.data, built),
      errors: [...built.found.errors],
      byParts: built.found.byParts,
    };
    this.#views.set(id, { ...built, view, day, textVersion, outdated: false });
    for (const [oldest] of this.#views) if (this.#views.size > MAX_VIEWS) this.#views.delete(oldest);
    return view;
  }

  /** @throws StudioError `view-expired` */
  get(id: ViewId): StoredView {
    const stored = this.#views.get(id);
    if (!stored) throw expired();
    this.#touch(id, stored);
    return stored;
  }

  /** Moves ordinals after images were inserted between others. */
  apply({ places, oldCount }: Applied): void {
    if (places.length === 0 || (places[0] ?? 0) >= oldCount) return;
    for (const stored of this.#views.values()) {
      stored.ordinals = stored.ordinals.slice();
      renumber(stored.ordinals, places, oldCount);
      stored.outdated = true;
    }
  }

  clear(): void {
    this.#views.clear();
  }

  #touch(id: ViewId, stored: StoredView): void {
    this.#views.delete(id);
    this.#views.set(id, stored);
  }
}

function expired(): StudioError {
  const message = 'These results are no longer current. Nothing was changed. Search again.';
  return new StudioError({ code: 'view-expired', message });
}
