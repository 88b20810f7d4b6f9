import type { MessageBoxOptions } from 'electron';
import type { Log } from '../../contract/errors/errors.ts';

/** After this many crashes within this time, reloading alone is unlikely to help. */
const MAX_CRASHES = 3;
const CRASH_WINDOW_MS = 60_000;

export interface Page {
  on(event: 'render-process-gone', listener: (event: unknown, details: { reason: string }) => void): unknown;
  isDestroyed(): boolean;
  reload(): void;
}

const CRASH_QUESTION: MessageBoxOptions = {
  type: 'error',
  title: 'Emulsion',
  message: 'Emulsion’s window keeps crashing',
  detail:
    'It was reloaded several times and crashed each time. Running jobs continue, and finished images are in the library.',
  buttons: ['Reload', 'Quit'],
  defaultId: 0,
  cancelId: 0,
  noLink: true,
};

export interface CrashHandlers {
  /** Shows the message box. Resolves to the index of the chosen button. */
  ask(question: MessageBoxOptions): Promise<number>;
  quit(): void;
  log: Log;
  onFault(error: unknown): void;
  /** Monotonic clock, ms. */
  now?: () => number;
}

/**
 * Reloads the page when its renderer process crashes; jobs run in the main process and continue. After repeated crashes the person is
 * asked.
 */
export function reloadAfterCrash(
  page: Page,
  { ask, quit, log, onFault, now = () => performance.now() }: CrashHandlers,
): void {
  let crashes: number[] = [];
  const reload = (): void => {
    if (!page.isDestroyed()) page.reload();
  };
  const askPerson = async (): Promise<void> => {
    const choice = await ask(CRASH_QUESTION);
    crashes = [];
    if (choice === 1) quit();
    else reload();
  };
  page.on('render-process-gone', (_event, { reason }) => {
    log(`The page ended: ${reason}`, null);
    if (reason === 'clean-exit') return;
    crashes = [...crashes.filter((time) => now() - time < CRASH_WINDOW_MS), now()];
    if (crashes.length < MAX_CRASHES) reload();
    else askPerson().catch(onFault);
  });
}
