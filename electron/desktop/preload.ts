import { contextBridge, ipcRenderer } from 'electron';
import type { HostBridge, Outcome } from '../contract/api.ts';
import type { StudioEvent } from '../contract/events.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './page/channels.ts';

/**
 * All that the page gets of Electron: two functions, and no header, since the page's own origin is proof enough here. No event object, channel name or Electron type goes through. The build makes one
 * CommonJS file of this: a sandboxed preload is nothing else.
 */
const bridge: HostBridge = {
  call: (endpoint, payload) => ipcRenderer.invoke(CALL_CHANNEL, endpoint, payload) as Promise<Outcome>,
  subscribe(listener) {
    const relay = (_event: unknown, event: StudioEvent): void => listener(event);
    ipcRenderer.on(EVENT_CHANNEL, relay);
    return () => void ipcRenderer.off(EVENT_CHANNEL, relay);
  },
  uploadHeaders: {},
};

contextBridge.exposeInMainWorld('studio', bridge);
