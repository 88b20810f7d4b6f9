import { contextBridge, ipcRenderer } from 'electron';
import type { HostBridge, Outcome } from '../contract/api.ts';
import type { StudioEvent } from '../contract/events.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './page/channels.ts';

/**
 * The page's only access to Electron: two functions. No upload header is needed, because the page's origin is checked. Exposes no event
 * object, channel name or Electron type. Built as one CommonJS file, as sandboxed preloads require.
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
