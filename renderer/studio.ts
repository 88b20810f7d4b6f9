import { createStudioApi, type StudioApi, type Transport } from '../electron/contract/api.ts';

declare global {
  interface Window {
    /** Put there by the host before the page's own script runs: the desktop's preload, or the loopback host's transport. */
    studio: Transport;
  }
}

/** The one way from the renderer to the studio, whichever host carries it. */
export const studio: StudioApi = createStudioApi(window.studio);
