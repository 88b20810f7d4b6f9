import type { Outcome, Transport } from '../contract/api.ts';
import type { StudioEvent } from '../contract/events.ts';

// A sandboxed preload is CommonJS, and what Node may run as it stands has no import in CommonJS.
// eslint-disable-next-line @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports
const { contextBridge, ipcRenderer } = require('electron') as typeof import('electron');

/** All that the page gets of Electron: two functions. No event object, channel name or Electron type goes through. */
const transport: Transport = {
  call: (endpoint, payload) => ipcRenderer.invoke('studio:call', endpoint, payload) as Promise<Outcome>,
  subscribe(listener) {
    const relay = (_event: unknown, event: StudioEvent): void => listener(event);
    ipcRenderer.on('studio:event', relay);
    return () => void ipcRenderer.off('studio:event', relay);
  },
};

contextBridge.exposeInMainWorld('studio', transport);
