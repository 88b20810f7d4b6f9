/** The places that the page can show. */
export type View = 'create' | 'library' | 'viewer' | 'compare' | 'canvas' | 'activity' | 'spending' | 'settings';

interface RouteState {
  view: View;
  /** The image of the viewer; the first of two that are compared; the one that the canvas is to open. */
  imageId: string | null;
  /** The second of two that are compared. */
  otherImageId: string | null;
}

/** Views that need nothing but their name. */
const SIMPLE_VIEWS: readonly View[] = ['library', 'activity', 'spending', 'settings'];

function readHash(hash: string): RouteState {
  const [name, id, beside] = hash.replace(/^#\/?/u, '').split('/');
  const imageId = id ? decodeURIComponent(id) : null;
  const otherImageId = beside ? decodeURIComponent(beside) : null;
  if (name === 'library' && imageId) return { view: 'viewer', imageId, otherImageId: null };
  if (name === 'compare' && imageId && otherImageId) return { view: 'compare', imageId, otherImageId };
  if (name === 'canvas') return { view: 'canvas', imageId, otherImageId: null };
  return { view: SIMPLE_VIEWS.find((view) => view === name) ?? 'create', imageId: null, otherImageId: null };
}

function writeHash({ view, imageId, otherImageId }: RouteState): string {
  if (view === 'compare' && imageId && otherImageId)
    return `#/compare/${encodeURIComponent(imageId)}/${encodeURIComponent(otherImageId)}`;
  if (view === 'viewer' && imageId) return `#/library/${encodeURIComponent(imageId)}`;
  if (view === 'canvas' && imageId) return `#/canvas/${encodeURIComponent(imageId)}`;
  return view === 'viewer' ? '#/library' : `#/${view}`;
}

/** Which view is shown. Kept in the address's fragment, so that a reload and the browser's own Back button do what one expects. */
export class Route {
  #place = $state<RouteState>({ view: 'create', imageId: null, otherImageId: null });
  /** How many places lie behind us that belong to this page. */
  #depth = 0;

  constructor() {
    this.#place = readHash(location.hash);
  }

  get view(): View {
    return this.#place.view;
  }

  /** The image that the viewer shows, or that the canvas is to open. */
  get imageId(): string | null {
    return this.#place.imageId;
  }

  /** The image that it is compared with. */
  get otherImageId(): string | null {
    return this.#place.otherImageId;
  }

  /** Follows the address until the returned function is called. */
  listen(): () => void {
    const follow = () => {
      this.#place = readHash(location.hash);
    };
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }

  /** The address of a place, for links. */
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

  /** Shows another image in the viewer without a new step of history: Back still leads to where one came from. */
  replace(view: View, imageId: string | null = null): void {
    const place = { view, imageId, otherImageId: null };
    history.replaceState(null, '', writeHash(place));
    this.#place = place;
  }

  /** To the place before; to the library when there is none. */
  back(): void {
    if (this.#depth > 0) {
      this.#depth -= 1;
      history.back();
    } else {
      this.replace('library');
    }
  }
}
