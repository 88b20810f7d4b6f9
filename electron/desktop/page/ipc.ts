import type { IpcMain, WebContents } from 'electron';
import type { Outcome } from '../../contract/api.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { StudioEvent } from '../../contract/events.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from './channels.ts';
import { assertOwnSender } from './page-rules.ts';

interface Studio {
  dispatch(endpoint: string, payload: unknown): Promise<Outcome>;
  subscribe(listener: (event: StudioEvent) => void): () => void;
}

/**
 * Connects the page to the studio. Rejects calls from any sender except our page, and calls that aren't a name and a payload; dispatch
 * validates the rest.
 * @param page returns the window's current web contents, or null without a window
 * @returns a function that disconnects
 */
export function connectPage(ipc: IpcMain, studio: Studio, page: () => WebContents | null): () => void {
  ipc.handle(CALL_CHANNEL, (event, endpoint: unknown, payload: unknown, ...more: unknown[]) => {
    assertOwnSender(event, page());
    if (typeof endpoint !== 'string' || more.length > 0) {
      throw new StudioError({
        code: 'bad-payload',
        message: 'Invalid call: a name and one payload are required.',
      });
    }
    return studio.dispatch(endpoint, payload);
  });
  const unsubscribe = studio.subscribe((event) => {
    const target = page();
    if (target && !target.isDestroyed()) target.send(EVENT_CHANNEL, event);
  });
  return () => {
    unsubscribe();
    ipc.removeHandler(CALL_CHANNEL);
  };
}
