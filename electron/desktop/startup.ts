import type { MessageBoxOptions } from 'electron';
import { StudioError, toErrorReport, type ErrorCode, type ErrorReport } from '../contract/errors/errors.ts';
import type { AppLog } from '../log/log.ts';
import type { Restorable } from '../library/snapshots/find-restorable.ts';
import { canRebuild, rebuiltSentence } from '../studio/handlers/rebuild-texts.ts';
import { choiceSentences, restoredSentence } from '../studio/handlers/restore-texts.ts';
import { RefusedLibrary } from '../studio/refused-library.ts';
import type { StudioOptions } from '../studio/studio-options.ts';

const LIBRARY_CODES: readonly ErrorCode[] = [
  'library-locked',
  'library-newer',
  'library-damaged',
  'library-incomplete',
  // Nothing to rebuild it from.
  'not-found',
  'disk-unwritable',
  'disk-full',
];

export interface StartupQuestion extends MessageBoxOptions {
  choices: Choice[];
}

type Choice = 'rebuild' | 'restore' | 'choose' | 'again' | 'open-anyway' | 'show-folder' | 'quit';

const LABELS: Readonly<Record<Choice, string>> = {
  rebuild: 'Rebuild from records',
  restore: 'Restore snapshot',
  choose: 'Choose another folder…',
  again: 'Try again',
  'open-anyway': 'Open anyway',
  'show-folder': 'Show folder',
  quit: 'Quit',
};

function choicesFor(report: ErrorReport, snapshot: Restorable | null): Choice[] {
  const { code } = report;
  const first: Choice[] = canRebuild(report) ? ['rebuild'] : [];
  if (snapshot) first.push('restore');
  if (code === 'library-incomplete') return [...first, 'choose', 'again', 'show-folder', 'open-anyway', 'quit'];
  return LIBRARY_CODES.includes(code) ? [...first, 'choose', 'again', 'quit'] : ['quit'];
}

/** Returns the message box for a failed start. Shows the error's sentence, never its stack. */
export function startupQuestion(thrown: unknown): StartupQuestion {
  const report = toErrorReport(thrown);
  const library = LIBRARY_CODES.includes(report.code);
  const snapshot = snapshotOf(thrown);
  const choices = choicesFor(report, snapshot);
  return {
    type: 'error',
    title: 'Emulsion',
    message: library ? 'The library could not be opened' : 'Emulsion could not start',
    detail: snapshot ? `${report.message}\n\n${choiceSentences(snapshot)}` : report.message,
    buttons: choices.map((choice) => LABELS[choice]),
    choices,
    defaultId: 0,
    cancelId: choices.length - 1,
    noLink: true,
  };
}

/** The snapshot that could take the place of a database that can't be used. */
function snapshotOf(thrown: unknown): Restorable | null {
  return thrown instanceof RefusedLibrary ? thrown.snapshot : null;
}

export interface StartupDialogs {
  /** Shows the message box. Resolves to the index of the chosen button; to that of `cancelId` when the signal closes it. */
  ask(question: StartupQuestion, signal?: AbortSignal): Promise<number>;
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
  /** After its database was rebuilt from its records. */
  rebuild: StudioOptions['rebuild'];
  /** After a snapshot took its database's place. */
  restore: StudioOptions['restore'];
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
  let choice: Choice = 'again';
  let snapshot: Restorable | null = null;
  let opened: S | null = null;
  while (opened === null) {
    try {
      const request = { folder, openAnyway: choice === 'open-anyway', rebuild: undefined, restore: undefined };
      if (choice === 'rebuild') opened = await openRebuilt(open, request, dialogs);
      else if (choice === 'restore') opened = await openRestored(open, { ...request, snapshot }, dialogs);
      else opened = await open(request);
    } catch (thrown) {
      if (toErrorReport(thrown).code === 'cancelled') {
        // The rebuild or the restore was: what the person was asked before is asked again.
        choice = 'again';
        continue;
      }
      const question = startupQuestion(thrown);
      if (toErrorReport(thrown).code === 'internal') log.error('Emulsion could not start', thrown);
      else {
        console.error(`Emulsion: ${toErrorReport(thrown).message}`);
        log.warn(toErrorReport(thrown).message);
      }
      snapshot = snapshotOf(thrown);
      choice = question.choices[await dialogs.ask(question)] ?? 'quit';
      if (choice === 'quit') return null;
      if (choice === 'choose') folder = (await dialogs.chooseFolder()) ?? folder;
      const { detail } = toErrorReport(thrown);
      if (choice === 'show-folder' && detail?.kind === 'library-incomplete') await dialogs.showFolder(detail.folder);
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

/** Rebuilds the database while a message box says so, in which the person can cancel; then says what came back. @throws like `open` */
function openRebuilt<S>(
  open: (request: OpenRequest) => Promise<S>,
  request: OpenRequest,
  dialogs: StartupDialogs,
): Promise<S> {
  const texts = {
    title: 'Rebuilding the library…',
    detail: REBUILDING,
    cancelled: NOT_REBUILT,
    done: 'The library was rebuilt',
  };
  return openReplaced(dialogs, texts, (signal, say) =>
    open({
      ...request,
      rebuild: { signal, progress: () => undefined, rebuilt: (report) => say(rebuiltSentence(report)) },
    }),
  );
}

/** Restores a snapshot likewise. @throws like `open` */
function openRestored<S>(
  open: (request: OpenRequest) => Promise<S>,
  { snapshot, ...request }: OpenRequest & { snapshot: Restorable | null },
  dialogs: StartupDialogs,
): Promise<S> {
  const texts = {
    title: 'Restoring the snapshot…',
    detail: RESTORING,
    cancelled: NOT_RESTORED,
    done: 'The snapshot was restored',
  };
  return openReplaced(dialogs, texts, (signal, say) =>
    open({ ...request, restore: { snapshot, signal, restored: (report) => say(restoredSentence(report)) } }),
  );
}

async function openReplaced<S>(
  dialogs: StartupDialogs,
  texts: { title: string; detail: string; cancelled: string; done: string },
  open: (signal: AbortSignal, say: (sentence: string) => void) => Promise<S>,
): Promise<S> {
  const cancelled = new AbortController();
  const shown = new AbortController();
  let sentence = '';
  void dialogs.ask(notice('info', texts.title, texts.detail, 'Cancel'), shown.signal).then(() => {
    if (!shown.signal.aborted) cancelled.abort(new StudioError({ code: 'cancelled', message: texts.cancelled }));
  });
  let opened: S;
  try {
    opened = await open(cancelled.signal, (said) => (sentence = said));
  } finally {
    shown.abort();
  }
  await dialogs.ask(notice('info', texts.done, sentence, 'Continue'));
  return opened;
}

const REBUILDING =
  'A new database is built from the records beside your images. The old one stays in its place until the new one is complete, and is kept. 100,000 images take less than a minute.';
const NOT_REBUILT = 'The rebuild was cancelled. Nothing was changed.';
const RESTORING =
  'The snapshot is copied and checked, and what came since is added from its records. A database that is there stays in its place until the copy is complete, and is kept.';
const NOT_RESTORED = 'The restore was cancelled. Nothing was changed.';

function notice(type: 'info' | 'warning', message: string, detail: string, button: string): StartupQuestion {
  return {
    type,
    title: 'Emulsion',
    message,
    detail,
    buttons: [button],
    choices: [],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  };
}

/** The library is open, but the next start will use the former folder. */
function notRememberedNotice(thrown: unknown): StartupQuestion {
  return notice('warning', 'This library wasn’t saved as the default', toErrorReport(thrown).message, 'Continue');
}
