/** The views. */
export type View =
  | 'create'
  | 'library'
  | 'duplicates'
  | 'viewer'
  | 'compare'
  | 'cull'
  | 'survey'
  | 'canvas'
  | 'activity'
  | 'spending'
  | 'settings';

interface RouteState {
  view: View;
  /**
   * The viewer's image, the first of two compared ones, the image that the canvas opens or culling begins with, or those of a survey
   * with commas between them.
   */
  imageId: string | null;
  /** The second of two compared images. */
  otherImageId: string | null;
}

/** Views without parameters. */
const SIMPLE_VIEWS: readonly View[] = ['library', 'duplicates', 'activity', 'spending', 'settings'];

function readHash(hash: string): RouteState {
  const [name, id, beside] = hash.replace(/^#\/?/u, '').split('/');
  const imageId = id ? decodeURIComponent(id) : null;
  const otherImageId = beside ? decodeURIComponent(beside) : null;
  if (name === 'library' && imageId) return { view: 'viewer', imageId, otherImageId: null };
  if (name === 'compare' && imageId && otherImageId) return { view: 'compare', imageId, otherImageId };
  if (name === 'cull') return { view: 'cull', imageId, otherImageId: null };
  if (name === 'survey' && imageId) return { view: 'survey', imageId, otherImageId: null };
  if (name === 'canvas') return { view: 'canvas', imageId, otherImageId: null };
  return { view: SIMPLE_VIEWS.find((view) => view === name) ?? 'create', imageId: null, otherImageId: null };
}

function writeHash({ view, imageId, otherImageId }: RouteState): string {
  if (view === 'compare' && imageId && otherImageId)
    return `#/compare/${encodeURIComponent(imageId)}/${encodeURIComponent(otherImageId)}`;
  if (view === 'viewer' && imageId) return `#/library/${encodeURIComponent(imageId)}`;
  if ((view === 'cull' || view === 'survey') && imageId) return `#/${view}/${encodeURIComponent(imageId)}`;
  if (view === 'canvas' && imageId) return `#/canvas/${encodeURIComponent(imageId)}`;
  return view === 'viewer' ? '#/library' : `#/${view}`;
}

/** The current view. Stored in the URL's fragment, so reload and the browser's Back button work. */
export class Route {
  #place = $state<RouteState>({ view: 'create', imageId: null, otherImageId: null });
  /** Number of history entries of this page before the current one. */
  #depth = 0;

  constructor() {
    this.#place = readHash(location.hash);
  }

  get view(): View {
    return this.#place.view;
  }

  /** The viewer's image, or the image that the canvas opens. */
  get imageId(): string | null {
    return this.#place.imageId;
  }

  /** The second of two compared images. */
  get otherImageId(): string | null {
    return this.#place.otherImageId;
  }

  /** Follows the URL until the returned function is called. */
  listen(): () => void {
    const follow = () => {
      this.#place = readHash(location.hash);
    };
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }

  /** Whether the page was loaded here: nothing has been opened in it since. */
  get isFirst(): boolean {
    return this.#depth === 0;
  }

  /** The URL of a view, for links. */
  href(view: View, imageId: string | null = null, otherImageId: string | null = null): string {
    return writeHash({ view, imageId, otherImageId });
  }

  go(view: View, imageId: string | null = null, otherImageId: string | null = null): void {
    const hash = writeHash({ view, imageId, otherImageId });
    if (hash === location.hash) return;
    history.pushState(null, '', hash);
    this.#depth += 1;
    this.#place = { view, imageId, otherImageId };
  }

  /** Shows another image without a new history entry. */
  replace(view: View, imageId: string | null = null): void {
    const place = { view, imageId, otherImageId: null };
    history.replaceState(null, '', writeHash(place));
    this.#place = place;
  }

  /** Goes back; to the library where there is no earlier entry. */
  back(): void {
    if (this.#depth > 0) {
      this.#depth -= 1;
      history.back();
    } else {
      this.replace('library');
    }
  }
}
