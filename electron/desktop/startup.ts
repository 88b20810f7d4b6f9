import type { MessageBoxOptions } from 'electron';
import { toErrorReport, type ErrorCode } from '../contract/errors/errors.ts';
import type { AppLog } from '../log/log.ts';

const LIBRARY_CODES: readonly ErrorCode[] = [
  'library-locked',
  'library-newer',
  'library-damaged',
  'library-incomplete',
  'disk-unwritable',
  'disk-full',
];

export interface StartupQuestion extends MessageBoxOptions {
  choices: Choice[];
}

type Choice = 'choose' | 'again' | 'open-anyway' | 'show-folder' | 'quit';

const LABELS: Readonly<Record<Choice, string>> = {
  choose: 'Choose another folder…',
  again: 'Try again',
  'open-anyway': 'Open anyway',
  'show-folder': 'Show folder',
  quit: 'Quit',
};

function choicesFor(code: ErrorCode): Choice[] {
  if (code === 'library-incomplete') return ['choose', 'again', 'show-folder', 'open-anyway', 'quit'];
  return LIBRARY_CODES.includes(code) ? ['choose', 'again', 'quit'] : ['quit'];
}

/** Returns the message box for a failed start. Shows the error's sentence, never its stack. */
export function startupQuestion(thrown: unknown): StartupQuestion {
  const report = toErrorReport(thrown);
  const library = LIBRARY_CODES.includes(report.code);
  const choices = choicesFor(report.code);
  return {
    type: 'error',
    title: 'Emulsion',
    message: library ? 'The library could not be opened' : 'Emulsion could not start',
    detail: report.message,
    buttons: choices.map((choice) => LABELS[choice]),
    choices,
    defaultId: 0,
    cancelId: choices.length - 1,
    noLink: true,
  };
}

export interface StartupDialogs {
  /** Shows the message box. Resolves to the index of the chosen button. */
  ask(question: StartupQuestion): Promise<number>;
  /** Resolves to an absolute path, or null if cancelled. */
  chooseFolder(): Promise<string | null>;
  /** Shows a library's folder in the system's file manager. */
  showFolder(folder: string): Promise<void>;
}

/** What to open: the folder chosen here, or null for the original one. */
export interface OpenRequest {
  folder: string | null;
  /** Although the folder holds what its database doesn't know. */
  openAnyway: boolean;
}

/**
 * Opens the studio. While that fails, offers another folder, a retry, or quitting; for a library whose database doesn't know its files also
 * to see its folder, and to open it anyway.
 * @param remember saves the chosen folder for the next start. If that fails, a notice is shown and the library is used
 * @returns the studio, or null if the person quit
 */
export async function openWithRetry<S extends object>(
  open: (request: OpenRequest) => Promise<S>,
  dialogs: StartupDialogs,
  remember: (opened: S, folder: string) => Promise<void>,
  log: Pick<AppLog, 'error' | 'warn'>,
): Promise<S | null> {
  let folder: string | null = null;
  let openAnyway = false;
  let opened: S | null = null;
  while (opened === null) {
    try {
      opened = await open({ folder, openAnyway });
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
      const { detail } = toErrorReport(thrown);
      if (choice === 'show-folder' && detail?.kind === 'library-incomplete') await dialogs.showFolder(detail.folder);
      openAnyway = choice === 'open-anyway';
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
