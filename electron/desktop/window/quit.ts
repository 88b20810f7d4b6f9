import type { App, MessageBoxOptions } from 'electron';
import type { Log } from '../../contract/errors/errors.ts';
import { notSent } from '../../contract/errors/messages.ts';
import type { Job } from '../../contract/entities/jobs.ts';

export const QUIT_BUTTON = 1;

/** Returns the confirmation shown before quitting with unfinished requests, or null if there are none. */
export function quitQuestion(jobs: readonly Job[]): MessageBoxOptions | null {
  const open = jobs.flatMap((job) => job.generations).filter(({ state }) => state === 'intent' || state === 'sent');
  const images = open.reduce((sum, generation) => sum + Math.max(1, generation.n - generation.images.length), 0);
  if (images === 0) return null;
  const sent = open.some(({ state }) => state === 'sent');
  return {
    type: 'question',
    message: `${images === 1 ? '1 image is' : `${images} images are`} being made. Quit anyway?`,
    detail: sent
      ? 'Received images are kept. Requests that were already sent may be billed and won’t be sent again automatically.'
      : notSent('Queued requests stay in Activity.'),
    buttons: ['Keep Emulsion open', 'Quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  };
}

interface Studio {
  unfinishedJobs(): Job[];
  close(): Promise<void>;
}

/**
 * Delays quitting until the person confirms and the studio has closed.
 * @param ask shows the message box; resolves to the index of the chosen button
 * @returns a function that says whether the window may close
 */
export function guardQuit(
  app: Pick<App, 'on' | 'quit'>,
  studio: Studio,
  ask: (question: MessageBoxOptions) => Promise<number>,
  log: Log,
): () => boolean {
  let state: 'open' | 'asking' | 'closed' = 'open';
  const agree = async (): Promise<boolean> => {
    const question = quitQuestion(studio.unfinishedJobs());
    return question === null || (await ask(question)) === QUIT_BUTTON;
  };
  const settle = async (): Promise<void> => {
    let agreed = false;
    try {
      agreed = await agree();
    } finally {
      // If the message box fails, the program stays open and the next attempt to quit asks again.
      if (!agreed) state = 'open';
    }
    if (!agreed) return;
    try {
      await studio.close();
    } finally {
      state = 'closed';
      app.quit();
    }
  };
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'asking') return;
    state = 'asking';
    settle().catch((error: unknown) => log('Emulsion could not close in order', error));
  });
  return () => state === 'closed';
}
