import type { MessageBoxOptions } from 'electron';
import { toErrorReport, type ErrorCode } from '../contract/errors.ts';

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
 */
export async function openWithPatience<S>(
  open: (folder: string | null) => Promise<S>,
  dialogs: StartupDialogs,
): Promise<S | null> {
  let folder: string | null = null;
  for (;;) {
    try {
      return await open(folder);
    } catch (thrown) {
      const question = startupQuestion(thrown);
      console.error(toErrorReport(thrown).code === 'internal' ? thrown : `Emulsion: ${question.detail}`);
      const choice = question.choices[await dialogs.ask(question)] ?? 'quit';
      if (choice === 'quit') return null;
      if (choice === 'choose') folder = (await dialogs.chooseFolder()) ?? folder;
    }
  }
}
