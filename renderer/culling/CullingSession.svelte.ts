import type { ImageId } from '../../electron/contract/entities/ids.ts';
import { toErrorReport, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { PlaceInView } from '../filmstrip/PlaceInView.svelte.ts';
import type { AppContext } from '../state/app-context.ts';
import type { ImageView } from '../state/library/image-view.svelte.ts';
import { placesOf } from './CulledPlaces.ts';
import { CullingRun } from './CullingRun.svelte.ts';
import { readAdvances } from './stored-culling.ts';

/** Opens a run over the selected images, or over the whole view, as they are now: later edits don't move them. */
export class CullingSession {
  run = $state.raw<CullingRun | null>(null);
  view = $state.raw<ImageView | null>(null);
  error = $state.raw<ErrorReport | null>(null);
  /** The image fills the stage. */
  isFitted = true;
  readonly #app: Pick<AppContext, 'mirror'>;

  constructor(app: Pick<AppContext, 'mirror'>) {
    this.#app = app;
  }

  /** For the filmstrip: its place is the run's. */
  get place(): Pick<PlaceInView, 'position' | 'anchor' | 'previous' | 'next' | 'go'> {
    const { run, view } = this;
    const position = run?.positionOf(run.index) ?? null;
    return {
      position,
      anchor: position ?? Math.max(0, (view?.total ?? 1) - 1),
      previous: run?.positionOf(run.index - 1) ?? null,
      next: run?.positionOf(run.index + 1) ?? null,
      go: (to) => {
        const index = run && to !== null ? run.indexOf(to) : -1;
        if (index >= 0) run?.go(index);
      },
    };
  }

  /** @param at the image to begin with; null: the first one */
  async start(at: ImageId | null): Promise<void> {
    try {
      const { mirror } = this.#app;
      const { selection, changes } = mirror.library;
      const view = await mirror.library.view.snapshot();
      if (view.state === 'error' && view.error) this.error = view.error;
      const { count, isAll } = selection;
      const places = count > 1 && !isAll ? await placesOf(await selection.settle(), view) : null;
      const run = new CullingRun(view, changes, places);
      run.advances = readAdvances();
      const [position = null] = at === null ? [] : await view.positions([at]);
      if (position !== null) run.go(Math.max(0, run.indexOf(position)));
      [this.view, this.run] = [view, run];
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    }
  }

  stop(): void {
    this.view?.stop();
  }
}
