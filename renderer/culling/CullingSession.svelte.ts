import type { ImageId } from '../../electron/contract/entities/ids.ts';
import { StudioError, toErrorReport, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { PlaceInView } from '../filmstrip/PlaceInView.svelte.ts';
import type { StripImages } from '../filmstrip/strip-images.ts';
import type { AppContext } from '../state/app-context.ts';
import type { ImageView } from '../state/library/image-view.svelte.ts';
import { readCulled, storeCulled, type Culled } from '../state/library/stored-culled.ts';
import { placesOf } from './CulledPlaces.ts';
import { CullingRun } from './CullingRun.svelte.ts';
import { readAdvances } from './stored-culling.ts';

/** Opens a run over the selected images, or over the whole view, as they are now: later edits don't move them. */
export class CullingSession {
  run = $state.raw<CullingRun | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  /** The image fills the stage. */
  isFitted = true;
  #view = $state.raw<ImageView | null>(null);
  #culled: Culled | null = null;
  #isStopped = false;
  readonly #app: Pick<AppContext, 'mirror'>;

  constructor(app: Pick<AppContext, 'mirror'>) {
    this.#app = app;
  }

  /** For the filmstrip: the images that are gone through, and no others. */
  get images(): StripImages {
    const { run } = this;
    const view = this.#view;
    return {
      total: run?.total ?? 0,
      ratioAt: (index) => view?.ratioAt(run?.positionOf(index) ?? -1) ?? 0,
      at: (index) => run?.at(index) ?? null,
      need: (from, count) => run?.need(from, count),
    };
  }

  /** For the filmstrip: its place is the run's. */
  get place(): Pick<PlaceInView, 'position' | 'anchor' | 'previous' | 'next' | 'go'> {
    const { run } = this;
    const [index, total] = [run?.index ?? 0, run?.total ?? 0];
    return {
      position: index < total ? index : null,
      anchor: Math.max(0, Math.min(index, total - 1)),
      previous: index > 0 ? index - 1 : null,
      next: index + 1 < total ? index + 1 : null,
      go: (to) => {
        if (to !== null) run?.go(to);
      },
    };
  }

  /**
   * @param at the image to begin with; null: the first one
   * @param again the page was loaded here: what was culled before that is gone on with
   */
  async start(at: ImageId | null, again: boolean): Promise<void> {
    try {
      const { mirror } = this.#app;
      const stored = again ? readCulled(this.#folder) : null;
      const culled = stored ?? (await this.#selected(at));
      const view = await mirror.library.view.snapshot(culled.question);
      if (view.state === 'error' && view.error) this.error = view.error;
      const places = culled.selection && (await placesOf(culled.selection, view));
      if (places?.total === 0) throw gone();
      const run = new CullingRun(view, mirror.library.changes, places);
      run.advances = readAdvances();
      const [position = null] = culled.at === null ? [] : await view.positions([culled.at]);
      if (position !== null) run.go(Math.max(0, run.indexOf(position)));
      if (this.#isStopped) {
        view.stop();
        return;
      }
      this.#culled = culled;
      [this.#view, this.run] = [view, run];
      this.keep();
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    }
  }

  /** Stores what is culled and where, for a reload. */
  keep(): void {
    if (!this.#culled) return;
    // At the end, and while the next image loads, the last one that was shown counts.
    this.#culled = { ...this.#culled, at: this.run?.image?.id ?? this.#culled.at };
    storeCulled(this.#folder, this.#culled);
  }

  stop(): void {
    this.#isStopped = true;
    this.#view?.stop();
    storeCulled(this.#folder, null);
  }

  get #folder(): string {
    return this.#app.mirror.preferences.settings?.library.folder ?? '';
  }

  /** Several selected images, or everything that the question finds. */
  async #selected(at: ImageId | null): Promise<Culled> {
    const { selection, question } = this.#app.mirror.library;
    const { settled } = question;
    const isPart = selection.count > 1 && !selection.isAll;
    return { question: settled, selection: isPart ? await selection.settle() : null, at };
  }
}

/** After a reload: what was decided may have taken them out of the question. */
function gone(): StudioError {
  const message = 'The search no longer finds the images that you were culling. Select images in the library again.';
  return new StudioError({ code: 'not-found', message });
}
