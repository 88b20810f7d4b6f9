/** The four places that the page can show. */
export const VIEWS = ['create', 'library', 'viewer', 'settings'] as const;
/** One of them. */
export type View = (typeof VIEWS)[number];

interface Place {
  view: View;
  imageId: string | null;
}

function readHash(hash: string): Place {
  const [name, id] = hash.replace(/^#\/?/u, '').split('/');
  if (name === 'library' && id) return { view: 'viewer', imageId: decodeURIComponent(id) };
  if (name === 'library' || name === 'settings') return { view: name, imageId: null };
  return { view: 'create', imageId: null };
}

function writeHash({ view, imageId }: Place): string {
  if (view === 'viewer' && imageId) return `#/library/${encodeURIComponent(imageId)}`;
  return view === 'viewer' ? '#/library' : `#/${view}`;
}

/** Which view is shown. Kept in the address's fragment, so that a reload and the browser's own Back button do what one expects. */
export class Route {
  #place = $state<Place>({ view: 'create', imageId: null });
  /** How many places lie behind us that belong to this page. */
  #depth = 0;

  constructor() {
    this.#place = readHash(location.hash);
  }

  get view(): View {
    return this.#place.view;
  }

  /** The picture that the viewer shows. */
  get imageId(): string | null {
    return this.#place.imageId;
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
  href(view: View, imageId: string | null = null): string {
    return writeHash({ view, imageId });
  }

  go(view: View, imageId: string | null = null): void {
    const hash = writeHash({ view, imageId });
    if (hash === location.hash) return;
    history.pushState(null, '', hash);
    this.#depth += 1;
    this.#place = { view, imageId };
  }

  /** Shows another picture in the viewer without a new step of history: Back still leads to where one came from. */
  replace(view: View, imageId: string | null = null): void {
    history.replaceState(null, '', writeHash({ view, imageId }));
    this.#place = { view, imageId };
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
