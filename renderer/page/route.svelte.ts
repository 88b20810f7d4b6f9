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

/** The sections of the settings. */
export type SettingsSection = 'profiles' | 'library' | 'sending' | 'appearance' | 'about';

interface RouteState {
  view: View;
  /**
   * The viewer's image, the first of two compared ones, the image that the canvas opens or culling begins with, or those of a survey
   * with commas between them.
   */
  imageId: string | null;
  /** The second of two compared images. */
  otherImageId: string | null;
  /** Null: the settings themselves choose. */
  section: SettingsSection | null;
}

const NOWHERE = { imageId: null, otherImageId: null, section: null };
const SETTINGS: readonly SettingsSection[] = ['profiles', 'library', 'sending', 'appearance', 'about'];

/** Views without parameters. */
const SIMPLE_VIEWS: readonly View[] = ['library', 'duplicates', 'activity', 'spending'];

function readHash(hash: string): RouteState {
  const [name, id, beside] = hash.replace(/^#\/?/u, '').split('/');
  const imageId = id ? decodeURIComponent(id) : null;
  const otherImageId = beside ? decodeURIComponent(beside) : null;
  if (name === 'library' && imageId) return { ...NOWHERE, view: 'viewer', imageId };
  if (name === 'compare' && imageId && otherImageId) return { ...NOWHERE, view: 'compare', imageId, otherImageId };
  if (name === 'cull') return { ...NOWHERE, view: 'cull', imageId };
  if (name === 'survey' && imageId) return { ...NOWHERE, view: 'survey', imageId };
  if (name === 'canvas') return { ...NOWHERE, view: 'canvas', imageId };
  if (name === 'settings')
    return { ...NOWHERE, view: 'settings', section: SETTINGS.find((section) => section === id) ?? null };
  return { ...NOWHERE, view: SIMPLE_VIEWS.find((view) => view === name) ?? 'create' };
}

function writeHash({ view, imageId, otherImageId, section }: RouteState): string {
  if (view === 'compare' && imageId && otherImageId)
    return `#/compare/${encodeURIComponent(imageId)}/${encodeURIComponent(otherImageId)}`;
  if (view === 'viewer' && imageId) return `#/library/${encodeURIComponent(imageId)}`;
  if ((view === 'cull' || view === 'survey') && imageId) return `#/${view}/${encodeURIComponent(imageId)}`;
  if (view === 'canvas' && imageId) return `#/canvas/${encodeURIComponent(imageId)}`;
  if (view === 'settings' && section) return `#/settings/${section}`;
  return view === 'viewer' ? '#/library' : `#/${view}`;
}

/** The current view. Stored in the URL's fragment, so reload and the browser's Back button work. */
export class Route {
  #place = $state<RouteState>({ ...NOWHERE, view: 'create' });
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

  /** The settings' section; null where they choose. */
  get section(): SettingsSection | null {
    return this.#place.section;
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
    return writeHash({ ...NOWHERE, view, imageId, otherImageId });
  }

  go(view: View, imageId: string | null = null, otherImageId: string | null = null): void {
    this.#goTo({ ...NOWHERE, view, imageId, otherImageId });
  }

  /** Opens a section of the settings. */
  openSettings(section: SettingsSection): void {
    this.#goTo({ ...NOWHERE, view: 'settings', section });
  }

  /** Shows another image without a new history entry. */
  replace(view: View, imageId: string | null = null): void {
    this.#replaceBy({ ...NOWHERE, view, imageId });
  }

  /** Shows another section of the settings without a new history entry. */
  replaceSection(section: SettingsSection): void {
    this.#replaceBy({ ...NOWHERE, view: 'settings', section });
  }

  #goTo(place: RouteState): void {
    const hash = writeHash(place);
    if (hash === location.hash) return;
    history.pushState(null, '', hash);
    this.#depth += 1;
    this.#place = place;
  }

  #replaceBy(place: RouteState): void {
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
