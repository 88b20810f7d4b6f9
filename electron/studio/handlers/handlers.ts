import type { Handlers } from './dispatch.ts';
import { changeHandlers } from './changes.ts';
import { checkHandlers } from './check.ts';
import { collectionHandlers } from './collections.ts';
import { draftHandlers } from './drafts.ts';
import { duplicateHandlers } from './duplicates.ts';
import { exportHandlers } from './exports.ts';
import { hostHandlers } from './host.ts';
import { importHandlers } from './imports.ts';
import { inputHandlers } from './inputs.ts';
import { jobHandlers } from './jobs.ts';
import { libraryHandlers } from './library.ts';
import { librariesHandlers } from './libraries.ts';
import { mirrorFolderHandlers } from './mirror-folder.ts';
import { profileHandlers } from './profiles.ts';
import { promptHandlers } from './prompts.ts';
import { quarantineHandlers } from './quarantine.ts';
import { queueHandlers } from './queue.ts';
import type { HandlerContext } from './context.ts';
import { runHandlers } from './runs.ts';
import { settingsHandlers } from './settings.ts';
import { snapshotHandlers } from './snapshots.ts';
import { spendingHandlers } from './spending.ts';
import { strictHandlers } from './strict.ts';
import { tagHandlers } from './tags.ts';
import { trashHandlers } from './trash.ts';
import { viewHandlers } from './views.ts';

/** All handlers, one file for each group of endpoints. */
export function createHandlers(context: HandlerContext): Handlers {
  return {
    ...hostHandlers(context),
    ...settingsHandlers(context),
    ...mirrorFolderHandlers(context),
    ...profileHandlers(context),
    ...jobHandlers(context),
    ...queueHandlers(context),
    ...importHandlers(context),
    ...inputHandlers(context),
    ...draftHandlers(context),
    ...strictHandlers(context),
    ...spendingHandlers(context),
    ...collectionHandlers(context),
    ...libraryHandlers(context),
    ...librariesHandlers(context),
    ...viewHandlers(context),
    ...duplicateHandlers(context),
    ...changeHandlers(context.changes),
    ...exportHandlers(context),
    ...runHandlers(context.runs),
    ...checkHandlers(context),
    ...quarantineHandlers(context),
    ...snapshotHandlers(context),
    ...tagHandlers(context),
    ...trashHandlers(context),
    ...promptHandlers(context),
  };
}
