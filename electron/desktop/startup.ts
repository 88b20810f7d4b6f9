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

/** What to say, and what to offer, when the studio does not start. The sentence is the error's own; a stack never shows. */
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
  /** Shows the question; the number of the chosen button. */
  ask(question: StartupQuestion): Promise<number>;
  /** Absolute path; null when the person changed their mind. */
  chooseFolder(): Promise<string | null>;
}

/**
 * Opens the studio, and as long as that fails asks what to do: another folder, again, or quit (null).
 * @param open takes a folder that was chosen here, or null for the one that was asked for at first
 * @param remember keeps a folder that was chosen here for the next start. Where it fails, that is told, and the library is used
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

/** The library is open and can be used; only the next start will not find it by itself. */
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
