import type { View } from './camera.ts';

/** Reports an element's size and the device pixel ratio, at once and on every change. Returns the function that stops it. */
export function observeView(element: HTMLElement, onview: (view: View) => void): () => void {
  let last: View = { width: 0, height: 0, dpr: 0 };
  let density: MediaQueryList | undefined;
  const report = (): void => {
    // Computed size: fractional CSS pixels, without the transforms of ancestors.
    const { width, height } = getComputedStyle(element);
    const view = { width: parseFloat(width) || 0, height: parseFloat(height) || 0, dpr: window.devicePixelRatio };
    if (view.width === last.width && view.height === last.height && view.dpr === last.dpr) return;
    if (view.dpr !== last.dpr) listen();
    last = view;
    onview(view);
  };
  // A media query matches one density only, so each change needs a new one.
  const listen = (): void => {
    density?.removeEventListener('change', report);
    density = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    density.addEventListener('change', report);
  };
  const observer = new ResizeObserver(report);
  observer.observe(element);
  report();
  return () => {
    observer.disconnect();
    density?.removeEventListener('change', report);
  };
}
