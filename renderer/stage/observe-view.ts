import type { View } from './camera.ts';

/** Tells the size of an element and the pixels of the device for each CSS pixel, now and whenever either changes. Gives the end of it. */
export function observeView(element: HTMLElement, onview: (view: View) => void): () => void {
  let last: View = { width: 0, height: 0, dpr: 0 };
  let density: MediaQueryList | undefined;
  const tell = (): void => {
    // The element's own pixels, with their fractions: transforms of what lies around it do not count.
    const { width, height } = getComputedStyle(element);
    const view = { width: parseFloat(width) || 0, height: parseFloat(height) || 0, dpr: window.devicePixelRatio };
    if (view.width === last.width && view.height === last.height && view.dpr === last.dpr) return;
    if (view.dpr !== last.dpr) listen();
    last = view;
    onview(view);
  };
  // A query names one density, so each change needs the next one.
  const listen = (): void => {
    density?.removeEventListener('change', tell);
    density = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    density.addEventListener('change', tell);
  };
  const observer = new ResizeObserver(tell);
  observer.observe(element);
  tell();
  return () => {
    observer.disconnect();
    density?.removeEventListener('change', tell);
  };
}
