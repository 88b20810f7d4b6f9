import type { MessageBoxOptions } from 'electron';
import { toErrorReport, type ErrorCode } from '../contract/errors/errors.ts';
import type { AppLog } from '../log/log.ts';

const LIBRARY_CODES: readonly ErrorCode[] = [
  'library-locked',
  'library-newer',
  'library-damaged',
  'disk-unwritable',
  'disk-full',
];

export interface StartupQuestion extends MessageBoxOptions {
  choices: ('choose' | 'again' | 'quit')[];
}

/** Returns the message box for a failed start. Shows the error's sentence, never its stack. */
export function startupQuestion(thrown: unknown): StartupQuestion {
  const report = toErrorReport(thrown);
  const library = LIBRARY_CODES.includes(report.code);
  return {
    type: 'error',
    title: 'Emulsion',
    message: library ? 'The library could not be opened' : 'Emulsion could not start',
    detail: report.message,
    buttons: library ? ['Choose another folder…', 'Try again', 'Quit'] : ['Quit'],
    choices: library ? ['choose', 'again', 'quit'] : ['quit'],
    defaultId: 0,
    cancelId: library ? 2 : 0,
    noLink: true,
  };
}

export interface StartupDialogs {
  /** Shows the message box. Resolves to the index of the chosen button. */
  ask(question: StartupQuestion): Promise<number>;
  /** Resolves to an absolute path, or null if cancelled. */
  chooseFolder(): Promise<string | null>;
}

/**
 * Opens the studio. While that fails, offers another folder, a retry, or quitting.
 * @param open receives the folder chosen here, or null for the original one
 * @param remember saves the chosen folder for the next start. If that fails, a notice is shown and the library is used
 * @returns the studio, or null if the person quit
 */
export async function openWithRetry<S extends object>(
  open: (folder: string | null) => Promise<S>,
  dialogs: StartupDialogs,
  remember: (opened: S, folder: string) => Promise<void>,
  log: Pick<AppLog, 'error' | 'warn'>,
): Promise<S | null> {
  let folder: string | null = null;
  let opened: S | null = null;
  while (opened === null) {
    try {
      opened = await open(folder);
    } catch (thrown) {
      const question = startupQuestion(thrown);
      if (toErrorReport(thrown).code === 'internal') log.error('Emulsion could not start', thrown);
      else {
        console.error(`Emulsion: ${question.detail}`);
        log.warn(toErrorReport(thrown).message);
      }
      const choice = question.choices[await dialogs.ask(question)] ?? 'quit';
      if (choice === 'quit') return null;
      if (choice === 'choose') folder = (await dialogs.chooseFolder()) ?? folder;
    }
  }
  if (folder !== null) {
    try {
      await remember(opened, folder);
    } catch (thrown) {
      log.error('The library folder was not saved for the next start', thrown);
      await dialogs.ask(notRememberedNotice(thrown));
    }
  }
  return opened;
}

/** The library is open, but the next start will use the former folder. */
function notRememberedNotice(thrown: unknown): StartupQuestion {
  return {
    type: 'warning',
    title: 'Emulsion',
    message: 'This library wasn’t saved as the default',
    detail: toErrorReport(thrown).message,
    buttons: ['Continue'],
    choices: [],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  };
}
