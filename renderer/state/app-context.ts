import { createContext } from 'svelte';
import type { StudioApi } from '../../electron/contract/api.ts';
import type { HostInfo } from '../../electron/contract/entities/host.ts';
import type { Route } from '../page/route.svelte.ts';
import type { StudioState } from './studio-state.svelte.ts';

/** What every component below the application may use. All but `host` stay the same objects while the page is open. */
export interface AppContext {
  readonly studio: StudioApi;
  readonly mirror: StudioState;
  readonly route: Route;
  /** Replaced after a reconnect, so read it from the context each time. @throws before the studio has started */
  readonly host: HostInfo;
}

/** `useApp` returns the context; like `setAppContext` it works only while a component initialises. @throws outside the application */
export const [useApp, setAppContext] = createContext<AppContext>();
