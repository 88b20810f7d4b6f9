/** The places that the page can show. */
export const VIEWS = ['create', 'library', 'viewer', 'compare', 'canvas', 'activity', 'spending', 'settings'] as const;
/** One of them. */
export type View = (typeof VIEWS)[number];

interface Place {
  view: View;
  /** The picture of the viewer; the first of two that are compared; the one that the canvas is to open. */
  imageId: string | null;
  /** The second of two that are compared. */
  besideId: string | null;
}

/** Views that need nothing but their name. */
const PLAIN: readonly View[] = ['library', 'activity', 'spending', 'settings'];

function readHash(hash: string): Place {
  const [name, id, beside] = hash.replace(/^#\/?/u, '').split('/');
  const imageId = id ? decodeURIComponent(id) : null;
  const besideId = beside ? decodeURIComponent(beside) : null;
  if (name === 'library' && imageId) return { view: 'viewer', imageId, besideId: null };
  if (name === 'compare' && imageId && besideId) return { view: 'compare', imageId, besideId };
  if (name === 'canvas') return { view: 'canvas', imageId, besideId: null };
  return { view: PLAIN.find((view) => view === name) ?? 'create', imageId: null, besideId: null };
}

function writeHash({ view, imageId, besideId }: Place): string {
  if (view === 'compare' && imageId && besideId)
    return `#/compare/${encodeURIComponent(imageId)}/${encodeURIComponent(besideId)}`;
  if (view === 'viewer' && imageId) return `#/library/${encodeURIComponent(imageId)}`;
  if (view === 'canvas' && imageId) return `#/canvas/${encodeURIComponent(imageId)}`;
  return view === 'viewer' ? '#/library' : `#/${view}`;
}

/** Which view is shown. Kept in the address's fragment, so that a reload and the browser's own Back button do what one expects. */
export class Route {
  #place = $state<Place>({ view: 'create', imageId: null, besideId: null });
  /** How many places lie behind us that belong to this page. */
  #depth = 0;

  constructor() {
    this.#place = readHash(location.hash);
  }

  get view(): View {
    return this.#place.view;
  }

  /** The picture that the viewer shows, or that the canvas is to open. */
  get imageId(): string | null {
    return this.#place.imageId;
  }

  /** The picture that it is compared with. */
  get besideId(): string | null {
    return this.#place.besideId;
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
  href(view: View, imageId: string | null = null, besideId: string | null = null): string {
    return writeHash({ view, imageId, besideId });
  }

  go(view: View, imageId: string | null = null, besideId: string | null = null): void {
    const hash = writeHash({ view, imageId, besideId });
    if (hash === location.hash) return;
    history.pushState(null, '', hash);
    this.#depth += 1;
    this.#place = { view, imageId, besideId };
  }

  /** Shows another picture in the viewer without a new step of history: Back still leads to where one came from. */
  replace(view: View, imageId: string | null = null): void {
    const place = { view, imageId, besideId: null };
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
