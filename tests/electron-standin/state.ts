import type { Connection } from './cdp.ts';
import type { Targets } from './targets.ts';

/** State shared by the stand-in's modules. `chromium` and `targets` are set from `ready` on. */
export const state: { ready: boolean; quitting: boolean; chromium: Connection | null; targets: Targets | null } = {
  ready: false,
  quitting: false,
  chromium: null,
  targets: null,
};

/** @throws Error before the application is ready, as Electron does where a browser is needed */
export function readyBrowser(): { chromium: Connection; targets: Targets } {
  const { chromium, targets } = state;
  if (!state.ready || !chromium || !targets) throw new Error('stand-in: this needs an application that is ready.');
  return { chromium, targets };
}

/** An event that a listener can prevent. */
export interface CancelableEvent {
  defaultPrevented: boolean;
  preventDefault(): void;
}

export function cancelable<T extends object>(details: T): T & CancelableEvent {
  return {
    ...details,
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
  };
}
